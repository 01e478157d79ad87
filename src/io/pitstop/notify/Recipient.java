package io.pitstop.notify;

import com.fasterxml.jackson.databind.JsonNode;
import io.pitstop.config.NotificationConfig;
import io.pitstop.config.Occasion;
import io.pitstop.config.Webhook;
import io.pitstop.http.HeaderValue;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Somebody who is told. Its text form is what people know it by, without secrets. */
final class Recipient {
    private final String name;
    private final NotificationConfig config;
    private final Map<String, String> environment;

    /**
     * @param position in the list of pitstop.yml, from 0
     * @param environment environment variables, for address and token
     */
    Recipient(int position, NotificationConfig config, Map<String, String> environment) {
        this.name = "notifications[" + position + "] (" + config.kind() + ")";
        this.config = config;
        this.environment = environment;
    }

    boolean wants(Occasion occasion) {
        return config.on().contains(occasion);
    }

    /** What it is told of, in words. */
    String occasions() {
        return config.on().stream().map(Occasion::key).distinct().collect(Collectors.joining(", "));
    }

    /** Why nothing can be sent to it, without secrets; empty if something can. */
    Optional<String> objection() {
        return config.url()
                .missing(environment::get)
                .or(() -> token().filter(variable -> value(variable).isEmpty()))
                .map(variable -> "the environment variable " + variable + " is not set")
                .or(() -> address().isPresent()
                        ? Optional.empty()
                        : Optional.of("what its url stands for is no http or https address"))
                .or(() -> token().filter(variable -> !HeaderValue.isWord(value(variable)))
                        .map(variable -> "the environment variable " + variable
                                + " has characters that no header takes, such as the end of a line"));
    }

    /** The host that it is at; of the address no more may be shown. */
    String host() {
        return address().orElseThrow().getHost();
    }

    /** @throws java.util.NoSuchElementException if there is an {@link #objection} */
    HttpRequest request(Notification told) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address().orElseThrow())
                .header("Content-Type", "application/json; charset=utf-8")
                .header("User-Agent", "pitstop")
                .POST(HttpRequest.BodyPublishers.ofString(message(told).toString()));
        token().ifPresent(variable -> request.header("Authorization", "Bearer " + value(variable)));
        return request.build();
    }

    @Override
    public String toString() {
        return name;
    }

    private JsonNode message(Notification told) {
        if (config instanceof NotificationConfig.Slack) {
            return SlackMessage.of(told);
        }
        return config instanceof NotificationConfig.Teams ? TeamsMessage.of(told) : PlainMessage.of(told);
    }

    private Optional<URI> address() {
        Webhook url = config.url();
        return url.missing(environment::get).isPresent() ? Optional.empty() : url.address(environment::get);
    }

    private Optional<String> token() {
        return config instanceof NotificationConfig.Post post ? post.tokenVariable() : Optional.empty();
    }

    private String value(String variable) {
        return environment.getOrDefault(variable, "").strip();
    }
}
