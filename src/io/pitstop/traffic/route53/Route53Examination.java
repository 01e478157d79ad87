package io.pitstop.traffic.route53;

import io.pitstop.config.Route53Config;
import io.pitstop.error.PitstopException;
import io.pitstop.release.Colour;
import io.pitstop.traffic.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

/** Looks at all that a switch by Route 53 needs: the weighted records, how long they are kept, who checks them. Changes nothing. */
public final class Route53Examination {
    /** Longer, and users stay for longer than that on a colour that a rollback has left. */
    private static final Duration LONG_LIFE = Duration.ofSeconds(60);

    private final Route53Records records;
    private final Route53Health health;
    private final TimeToLive timeToLive;

    /** @param dns gives the client; asked at the first question */
    public Route53Examination(Route53Config config, Supplier<Route53Client> dns) {
        this.records = new Route53Records(config, dns);
        this.health = new Route53Health(dns);
        this.timeToLive = new TimeToLive(config.zone(), records);
    }

    /** All observations, the good ones too; what cannot be asked is a bad one. */
    public List<Observation> observe() {
        List<Observation> all = new ArrayList<>();
        Route53Pair pair;
        try {
            pair = records.read();
            all.add(Observation.good("records", records + " serve " + records.split(pair)));
        } catch (PitstopException e) {
            return List.of(Observation.bad("records", e.getMessage(), e.hint()));
        }
        for (Colour colour : Colour.values()) {
            all.add(look(colour + " time to live", what -> timeToLive(what, pair.of(colour))));
            all.add(look(colour + " check", what -> check(what, pair.of(colour))));
        }
        return all;
    }

    private Observation timeToLive(String what, ResourceRecordSet record) {
        Duration kept = timeToLive.of(record);
        String detail = "resolvers keep record " + record.setIdentifier() + " for " + kept.toSeconds() + " s";
        return kept.compareTo(LONG_LIFE) > 0
                ? Observation.bad(
                        what, detail + ", so that a rollback takes that long", "Set its time to live to 60 s or less.")
                : Observation.good(what, detail);
    }

    private Observation check(String what, ResourceRecordSet record) {
        Optional<String> mute = health.muteness(record);
        return mute.map(why -> Observation.bad(
                        what,
                        why + ", so that nobody is sent there",
                        "Give record " + record.setIdentifier()
                                + " a health check of its endpoint, by HTTP, HTTPS or TCP."))
                .orElseGet(() -> Observation.good(what, "health check " + record.healthCheckId()));
    }

    private static Observation look(String what, Function<String, Observation> question) {
        try {
            return question.apply(what);
        } catch (PitstopException e) {
            return Observation.bad(what, e.getMessage(), e.hint());
        }
    }
}
