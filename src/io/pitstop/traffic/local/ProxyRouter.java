package io.pitstop.traffic.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.pitstop.config.LocalConfig;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.error.PitstopException;
import io.pitstop.metrics.Figures;
import io.pitstop.metrics.Latency;
import io.pitstop.metrics.Meter;
import io.pitstop.metrics.Meters;
import io.pitstop.metrics.Series;
import io.pitstop.release.Colour;
import io.pitstop.traffic.Drained;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TargetHealth;
import io.pitstop.traffic.TrafficRouter;
import io.pitstop.traffic.local.ProxyAdminClient.Answer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** The built-in proxy, by its admin endpoint. */
public final class ProxyRouter implements TrafficRouter {
    private static final int MOST_RECALLS = 3;
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final URI admin;
    private final ProxyAdminClient client;

    public ProxyRouter(LocalConfig local) {
        this(local, Meters.NONE);
    }

    /** @param meters get how often a read was tried again */
    public ProxyRouter(LocalConfig local, Meters meters) {
        this.admin = local.admin();
        this.client =
                new ProxyAdminClient(local.admin(), local.tokenFile(), () -> meters.count(Meter.RETRIES, 1, "proxy"));
    }

    @Override
    public Split split() {
        return read().split();
    }

    private VersionedSplit read() {
        Answer answer = client.get("/split");
        return answer.split()
                .orElseThrow(() -> new OutcomeUnknown(
                        "The proxy at " + admin + " answered " + answer + ", which is not a split.",
                        "Look at what listens there, and at traffic.local.admin."));
    }

    @Override
    public void shift(Split target) {
        VersionedSplit before = read();
        if (before.split().equals(target)) {
            return;
        }
        Answer answer;
        try {
            answer = client.order(target, before);
        } catch (ConnectException e) {
            throw lost(target, "it took no connection", e); // so it cannot have got the order
        } catch (IOException e) {
            settle(target, before, e);
            return;
        }
        switch (answer.status()) {
            case 200 -> confirm(target);
            case 409 -> throw refused(target, answer);
            case 401 -> throw client.wrongToken();
            case 400 -> throw new DependencyFailed(
                    "The proxy at " + admin + " refused " + target + ": " + answer.reason() + ".",
                    "Run a proxy of the same version as this command.");
            default -> {
                IOException failure = new IOException("it answered " + answer);
                if (answer.error().equals("not saved")) {
                    throw lost(target, failure.getMessage(), failure); // it is through with the order
                }
                settle(target, before, failure);
            }
        }
    }

    @Override
    public TargetHealth health(Colour colour) {
        JsonNode told = colour(colour);
        boolean healthy = told.path("healthy").booleanValue();
        return new TargetHealth(healthy ? 1 : 0, 1, told.path("reason").asText());
    }

    @Override
    public Series figures(Colour colour) {
        JsonNode told = colour(colour);
        try {
            Figures total = new Figures(
                    told.path("requests").longValue(),
                    told.path("failures").longValue(),
                    Latency.decoded(told.path("latency").asText()));
            return new Series(told.path("series").asText(), total);
        } catch (IllegalArgumentException e) {
            throw nonsense(colour, e);
        }
    }

    @Override
    public Drained drained(Colour colour, Instant since) {
        Split now = split();
        if (now.of(colour) > 0) {
            throw new MoveRefused(colour + " has a share: " + now + ".", "Move its users first.");
        }
        int inFlight = colour(colour).path("inFlight").intValue();
        return new Drained(inFlight == 0, inFlight + " requests in flight at " + colour);
    }

    private JsonNode colour(Colour colour) {
        Answer answer = client.get("/colours/" + colour);
        if (answer.status() != 200 || !answer.body().path("healthy").isBoolean()) {
            throw nonsense(colour, null);
        }
        return answer.body();
    }

    private void confirm(Split target) {
        Split serves;
        try {
            serves = split();
        } catch (DependencyFailed | InvalidConfig | OutcomeUnknown unreadable) {
            throw unknown(target, unreadable);
        }
        if (!serves.equals(target)) {
            throw contradicted(target, serves, null);
        }
    }

    /** The order may have been taken, or be still on its way: finds out which, and sees to it that it comes no more. */
    private void settle(Split target, VersionedSplit before, IOException lost) {
        Split serves = recall(target, before, lost);
        if (serves.equals(before.split())) {
            throw lost(target, String.valueOf(lost.getMessage()), lost);
        }
        if (!serves.equals(target)) {
            throw contradicted(target, serves, lost);
        }
    }

    /**
     * Orders the split that there was, for the sake of its new version: the lost order expects the old one, and is
     * refused should it come later. If a recall is itself lost and comes late, the next one finds that out.
     *
     * @return what is served, be it by the order or by the recall
     */
    private Split recall(Split target, VersionedSplit before, IOException lost) {
        for (int recall = 0; recall < MOST_RECALLS; recall++) {
            if (recall > 0) {
                LockSupport.parkNanos(PAUSE.toNanos()); // an interrupt shortens the pause and nothing else
            }
            try {
                Answer answer = client.order(before.split(), before);
                Optional<VersionedSplit> now = answer.split().filter(told -> told.version() > before.version());
                if (now.isPresent()) {
                    return now.get().split();
                }
                lost.addSuppressed(new IOException("it answered " + answer));
            } catch (IOException | InvalidConfig e) {
                lost.addSuppressed(e);
            }
        }
        throw unknown(target, lost);
    }

    private PitstopException refused(Split target, Answer answer) {
        String message = "The proxy at " + admin + " refused " + target + ": " + answer.reason() + ".";
        return answer.error().equals("unhealthy")
                ? new MoveRefused(message, "Bring the colour to health, then run the step again.")
                : new DependencyFailed(
                        message, "Look for a second command that moves traffic, then run the step again.");
    }

    private OutcomeUnknown unknown(Split target, Exception cause) {
        return new OutcomeUnknown(
                "The proxy at " + admin + " was told " + target + " and cannot be asked whether it did so: "
                        + cause.getMessage(),
                "Find out whom the proxy serves, then run the step again.",
                cause);
    }

    private DependencyFailed lost(Split target, String how, IOException cause) {
        return new DependencyFailed(
                "The proxy at " + admin + " did not take " + target + ": " + how + ". The split is as it was.",
                "Run the step again.",
                cause);
    }

    private OutcomeUnknown contradicted(Split target, Split serves, IOException cause) {
        return new OutcomeUnknown(
                "The proxy at " + admin + " was told " + target + " but serves " + serves + ".",
                "Look for a second command that moves traffic.",
                cause);
    }

    private DependencyFailed nonsense(Colour colour, RuntimeException cause) {
        return new DependencyFailed(
                "The proxy at " + admin + " did not tell how " + colour + " is doing.",
                "Look at what listens there, and at traffic.local.admin.",
                cause);
    }
}
