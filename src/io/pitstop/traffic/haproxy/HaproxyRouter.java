package io.pitstop.traffic.haproxy;

import io.pitstop.config.HaproxyConfig;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.error.PitstopException;
import io.pitstop.metrics.Figures;
import io.pitstop.metrics.Latency;
import io.pitstop.metrics.Series;
import io.pitstop.release.Colour;
import io.pitstop.traffic.Drained;
import io.pitstop.traffic.SeenThrough;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TargetHealth;
import io.pitstop.traffic.TrafficRouter;
import io.pitstop.traffic.Weights;
import io.pitstop.traffic.haproxy.HaproxyBackend.Server;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * An HAProxy, by the weights of the two servers of a backend.
 *
 * <p>Its runtime API knows no order on condition: two commands that move the same split at the same moment are only found
 * out by reading back, which is why the lease of a release lets one step at a time move it.
 */
public final class HaproxyRouter implements TrafficRouter {
    /** An order whose answer is lost can be given again: it says where to go, not how far. */
    private static final int MOST_ORDERS = 3;

    private final HaproxyConfig config;
    private final HaproxyView view;
    private final Optional<HaproxyStateFile> stateFile;

    public HaproxyRouter(HaproxyConfig config) {
        this.config = config;
        this.view = new HaproxyView(config);
        this.stateFile = config.stateFile().map(Path::of).map(HaproxyStateFile::new);
    }

    @Override
    public Split split() {
        return view.split(view.weights());
    }

    @Override
    public void shift(Split target) {
        if (Thread.currentThread().isInterrupted()) {
            throw Interrupted.whileDoing("nothing was ordered yet");
        }
        Weights before = view.weights();
        Split now = view.split(before);
        if (now.equals(target)) {
            keepState("Users are where they should be, " + target);
            return;
        }
        Colour gains = target.of(Colour.BLUE) > now.of(Colour.BLUE) ? Colour.BLUE : Colour.GREEN;
        refuseUnhealthy(gains);
        if (!target.isAllTo(Colour.BLUE) && !target.isAllTo(Colour.GREEN)) {
            // Better to learn it now; but the way back, which is a whole one, is open to users whatever can be written.
            keepState("Nothing was moved");
        }
        String order = order(before, Weights.of(target), gains);
        SeenThrough.run("the split was moved to " + target, () -> {
            give(order, target, before);
            keepState("Users moved to " + target);
        });
    }

    @Override
    public TargetHealth health(Colour colour) {
        Server server = view.server(colour);
        if (server.isUp()) {
            return new TargetHealth(1, 1, "");
        }
        String reason = server.isChecked()
                ? (server.name() + " is " + server.status() + " " + server.lastCheck()).strip()
                : "HAProxy does not check it: add check to the line of server " + server.name();
        return new TargetHealth(0, 1, reason);
    }

    @Override
    public Series figures(Colour colour) {
        Server server = view.server(colour);
        // HAProxy has averages of its last 1,024 requests, and no distribution.
        return new Series(view.process(), new Figures(server.requests(), server.failures(), Latency.none()));
    }

    @Override
    public Drained drained(Colour colour, Instant since) {
        Split now = split();
        if (now.of(colour) > 0) {
            throw new MoveRefused(colour + " has a share: " + now + ".", "Move its users first.");
        }
        Server server = view.server(colour);
        String evidence =
                server.current() + " requests at server " + server.name() + ", " + server.queued() + " queued";
        if (!server.cookie().isEmpty() && !server.isInMaintenance()) {
            return new Drained(
                    false,
                    evidence + "; users with its cookie " + server.cookie()
                            + " still come, until its state is set to maint");
        }
        return new Drained(server.current() == 0 && server.queued() == 0, evidence);
    }

    @Override
    public Optional<String> kept(Colour colour) {
        Server server = view.server(colour);
        return server.cookie().isEmpty() || server.isInMaintenance()
                ? Optional.empty()
                : Optional.of("users with cookie " + server.cookie() + " stay on " + colour
                        + " until the state of server " + server.name() + " is set to maint");
    }

    private void refuseUnhealthy(Colour gains) {
        TargetHealth health = health(gains);
        if (health.healthy() == 0) {
            throw new MoveRefused(
                    view + " finds " + gains + " not healthy: " + health.reason() + ".",
                    "Bring the colour to health, then run the step again.");
        }
    }

    /** Both in one line, in the order in which no moment sends more users to a colour than before or after it. */
    private String order(Weights before, Weights target, Colour gains) {
        Colour loses = gains.other();
        boolean losesFirst = target.of(loses) > before.of(loses);
        return losesFirst
                ? set(loses, target) + "; " + set(gains, target)
                : set(gains, target) + "; " + set(loses, target);
    }

    private String set(Colour colour, Weights target) {
        return "set server " + config.backend() + "/" + view.name(colour) + " weight " + target.of(colour);
    }

    private void give(String order, Split target, Weights before) {
        IOException lost = null;
        for (int given = 0; given < MOST_ORDERS; given++) {
            try {
                confirm(target, before, view.runtime().tell(order));
                return;
            } catch (ConnectException e) {
                if (lost == null) {
                    throw new DependencyFailed(
                            view + " was not told " + target + ": " + e.getMessage() + ". The split is as it was.",
                            "Run the step again.",
                            e);
                }
                lost.addSuppressed(e);
            } catch (IOException e) {
                lost = e;
            }
            if (isThere(target, lost)) {
                return;
            }
        }
        throw unknown(target, lost); // it may be on its way still
    }

    /** Whether an order whose answer was lost has been taken. */
    private boolean isThere(Split target, IOException lost) {
        try {
            return Weights.of(target).equals(view.weights());
        } catch (PitstopException unreadable) {
            lost.addSuppressed(unreadable);
            return false;
        }
    }

    private void confirm(Split target, Weights before, String answer) {
        Weights now;
        try {
            now = view.weights();
        } catch (PitstopException unreadable) {
            throw unknown(target, unreadable);
        }
        if (now.equals(Weights.of(target))) {
            return;
        }
        String said = answer.isBlank() ? "" : ", and said: " + answer.strip().replaceAll("\\s*\\n\\s*", " ");
        if (now.equals(before) && !said.isEmpty()) {
            throw new InvalidConfig(
                    view + " refused " + target + said, "Let the socket have level admin in haproxy.cfg.");
        }
        throw new OutcomeUnknown(
                view + " was told " + target + " but has " + now + said + ".",
                "Look for a second command that moves traffic.");
    }

    private OutcomeUnknown unknown(Split target, Exception cause) {
        return new OutcomeUnknown(
                view + " was told " + target + " and cannot be asked whether it did so: " + cause.getMessage(),
                "Find out whom HAProxy serves, then run the step again.",
                cause);
    }

    private void keepState(String where) {
        if (stateFile.isEmpty()) {
            return;
        }
        try {
            stateFile.get().write(view.runtime().tell("show servers state"));
        } catch (IOException e) {
            throw new DependencyFailed(
                    where + ", but " + stateFile.get()
                            + " cannot be written, without which a reload of HAProxy forgets the" + " split: " + e,
                    "Let the agent write traffic.haproxy.stateFile, then run the step again.",
                    e);
        }
    }
}
