package io.pitstop.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import io.pitstop.config.TrafficConfig;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.error.PitstopException;
import io.pitstop.metrics.Figures;
import io.pitstop.metrics.Latency;
import io.pitstop.release.Colour;
import io.pitstop.traffic.ProxyAdminClient.Answer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;

/** The built-in proxy, by its admin endpoint. */
final class ProxyRouter implements TrafficRouter {
    private final URI admin;
    private final ProxyAdminClient client;

    ProxyRouter(TrafficConfig.Local local) {
        this.admin = local.admin();
        this.client = new ProxyAdminClient(local.admin(), local.tokenFile());
    }

    @Override
    public Split split() {
        Answer answer = client.get("/split");
        return answer.split()
                .orElseThrow(() -> new OutcomeUnknown(
                        "The proxy at " + admin + " answered " + answer + ", which is not a split.",
                        "Look at what listens there, and at traffic.local.admin."));
    }

    /** @throws MoveRefused if the proxy takes no such order now: the split is as it was */
    @Override
    public void shift(Split target) {
        Split before = split();
        if (before.equals(target)) {
            return;
        }
        Answer answer;
        try {
            answer = client.order(target, before);
        } catch (ConnectException e) {
            throw lost(target, "it took no connection", e); // so it cannot have got the order
        } catch (IOException e) {
            findOut(target, before, e);
            return;
        }
        switch (answer.status()) {
            case 200 -> confirm(target);
            case 409 -> throw refused(target, answer);
            case 401 -> throw client.wrongToken();
            case 400 -> throw new DependencyFailed(
                    "The proxy at " + admin + " refused " + target + ": " + answer.reason() + ".",
                    "Run a proxy of the same version as this command.");
            default -> findOut(target, before, new IOException("it answered " + answer));
        }
    }

    @Override
    public TargetHealth health(Colour colour) {
        JsonNode told = colour(colour);
        boolean healthy = told.path("healthy").booleanValue();
        return new TargetHealth(healthy ? 1 : 0, 1, told.path("reason").asText());
    }

    @Override
    public Figures figures(Colour colour) {
        JsonNode told = colour(colour);
        try {
            return new Figures(
                    told.path("requests").longValue(),
                    told.path("failures").longValue(),
                    Latency.decoded(told.path("latency").asText()));
        } catch (IllegalArgumentException e) {
            throw nonsense(colour, e);
        }
    }

    private JsonNode colour(Colour colour) {
        Answer answer = client.get("/colours/" + colour);
        if (answer.status() != 200 || !answer.body().path("healthy").isBoolean()) {
            throw nonsense(colour, null);
        }
        return answer.body();
    }

    private void confirm(Split target) {
        Split serves = splitAfterOrder(target, null);
        if (!serves.equals(target)) {
            throw contradicted(target, serves, null);
        }
    }

    /** The order may have been taken: only the split itself can tell. */
    private void findOut(Split target, Split before, IOException lost) {
        Split serves = splitAfterOrder(target, lost);
        if (serves.equals(before)) {
            throw lost(target, String.valueOf(lost.getMessage()), lost);
        }
        if (!serves.equals(target)) {
            throw contradicted(target, serves, lost);
        }
    }

    private Split splitAfterOrder(Split target, IOException lost) {
        try {
            return split();
        } catch (DependencyFailed | InvalidConfig | OutcomeUnknown unreadable) {
            if (lost != null) {
                unreadable.addSuppressed(lost);
            }
            throw new OutcomeUnknown(
                    "The proxy at " + admin + " was told " + target + " and cannot be asked whether it did so: "
                            + unreadable.getMessage(),
                    "Find out whom the proxy serves, then run the step again.",
                    unreadable);
        }
    }

    private PitstopException refused(Split target, Answer answer) {
        String hint = answer.error().equals("unhealthy")
                ? "Bring the colour to health, then run the step again."
                : "Look for a second command that moves traffic, then run the step again.";
        return new MoveRefused("The proxy at " + admin + " refused " + target + ": " + answer.reason() + ".", hint);
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
