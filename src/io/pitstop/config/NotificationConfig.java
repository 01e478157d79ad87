package io.pitstop.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One entry of {@code notifications} in pitstop.yml: somebody who is told, and of what. */
public sealed interface NotificationConfig {
    /** More would be a list of people, for whom there are channels. */
    int MOST = 10;

    Webhook url();

    List<Occasion> on();

    /** The key in the file. */
    String kind();

    /** A channel of Slack, by an incoming webhook. */
    record Slack(Webhook url, List<Occasion> on) implements NotificationConfig {
        @Override
        public String kind() {
            return "slack";
        }
    }

    /** A channel or chat of Microsoft Teams, by a workflow that takes webhook requests. */
    record Teams(Webhook url, List<Occasion> on) implements NotificationConfig {
        @Override
        public String kind() {
            return "teams";
        }
    }

    /**
     * Whoever takes JSON.
     *
     * @param tokenVariable environment variable that holds a bearer token; empty if none is sent
     */
    record Post(Webhook url, Optional<String> tokenVariable, List<Occasion> on) implements NotificationConfig {
        @Override
        public String kind() {
            return "post";
        }
    }

    static List<NotificationConfig> all(Section root) {
        List<NotificationConfig> all = new ArrayList<>();
        for (Section entry : root.sections("notifications")) {
            all.add(from(entry));
        }
        if (all.size() > MOST) {
            throw root.invalid(
                    "notifications", "notifications has more than " + MOST + " entries.", "Leave some of them out.");
        }
        return List.copyOf(all);
    }

    private static NotificationConfig from(Section entry) {
        return switch (entry.onlyKey("slack", "teams", "post")) {
            case "slack" -> ended(entry.section("slack"), own -> new Slack(Webhook.from(own, false), on(own)));
            case "teams" -> ended(entry.section("teams"), own -> new Teams(Webhook.from(own, false), on(own)));
            case "post" -> ended(entry.section("post"), NotificationConfig::post);
            default -> {
                for (String kind : List.of("slack", "teams", "post")) {
                    entry.findSection(kind);
                }
                entry.end();
                throw new IllegalStateException("end() refuses an unknown kind");
            }
        };
    }

    private static NotificationConfig post(Section own) {
        return new Post(
                Webhook.from(own, true),
                own.find("tokenVariable", Address::variable, "the name of an environment variable"),
                on(own));
    }

    private static NotificationConfig ended(Section own, Function<Section, NotificationConfig> reader) {
        NotificationConfig config = reader.apply(own);
        own.end();
        return config;
    }

    private static List<Occasion> on(Section own) {
        List<Occasion> on = own.list(
                "on",
                Choice.of(Occasion.class),
                "approval-needed, switched, rolled-back, contract-due or outcome-unknown",
                List.of(Occasion.values()));
        if (on.isEmpty()) {
            throw own.invalid("on", own.path("on") + " names nothing.", "Leave it out to be told of everything.");
        }
        return on;
    }
}
