package io.pitstop.traffic.haproxy;

import io.pitstop.config.HaproxyConfig;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.release.Colour;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.Weights;
import io.pitstop.traffic.haproxy.HaproxyBackend.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an HAProxy tells of the two servers; changes nothing. */
final class HaproxyView {
    private static final int MOST_READS = 3;
    private static final Duration PAUSE = Duration.ofMillis(200);

    /** Others ignore weights, or refuse all but 0 and what was configured: half of an order would then leave nobody. */
    private static final Set<String> WEIGHING = Set.of("roundrobin", "leastconn", "random");

    private static final Pattern PROCESS = Pattern.compile("(?m)^(Pid|Start_time_sec): (\\d+)");

    private final HaproxyConfig config;
    private final HaproxyRuntime runtime;

    HaproxyView(HaproxyConfig config) {
        this.config = config;
        this.runtime = new HaproxyRuntime(config.socket(), config.within());
    }

    HaproxyRuntime runtime() {
        return runtime;
    }

    String name(Colour colour) {
        return colour == Colour.BLUE
                ? config.servers().blue()
                : config.servers().green();
    }

    /** @throws InvalidConfig if the backend has no such server */
    Server server(Colour colour) {
        return server(backend(), colour);
    }

    /**
     * The weights of both servers, which nobody else shares and none of which is out of service.
     *
     * @throws OutcomeUnknown if others get requests too, or one of the two does not though its weight says so
     */
    Weights weights() {
        HaproxyBackend backend = backend();
        if (!WEIGHING.contains(backend.algorithm())) {
            throw new InvalidConfig(
                    this + " balances by '" + backend.algorithm() + "', which does not keep to changed weights.",
                    "Let the backend balance by roundrobin, leastconn or random, and the socket have level admin.");
        }
        Server blue = server(backend, Colour.BLUE);
        Server green = server(backend, Colour.GREEN);
        for (Server server : backend.servers()) {
            boolean ours = server.equals(blue) || server.equals(green);
            boolean mayServe = server.weight() > 0 && (ours || !server.backup());
            if (mayServe && ours && server.isOut()) {
                throw noSplit(
                        "server " + server.name() + " has weight " + server.weight() + " and is " + server.status(),
                        "Give the server no weight, or set its state to ready.");
            }
            if (mayServe && !ours && !server.isOut()) {
                throw noSplit(
                        "server " + server.name() + " has weight " + server.weight() + " too",
                        "Take other servers out of the backend, or make them backup.");
            }
        }
        return new Weights(blue.weight(), green.weight());
    }

    /** @throws OutcomeUnknown if the weights are none of a split */
    Split split(Weights weights) {
        return weights.split()
                .orElseThrow(() -> noSplit(weights.toString(), "Choose weights that sum to 100 in haproxy.cfg."));
    }

    /** Tells apart from one another the processes that HAProxy counts in: each reload begins a new one. */
    String process() {
        StringBuilder process = new StringBuilder();
        Matcher found = PROCESS.matcher(ask("show info"));
        while (found.find()) {
            process.append(found.group(1)).append(' ').append(found.group(2)).append(' ');
        }
        return process.toString().strip();
    }

    /** What the socket lets us do: {@code user}, {@code operator} or {@code admin}. */
    String level() {
        return ask("show cli level").strip();
    }

    private HaproxyBackend backend() {
        // 2 are backends, 4 are servers.
        String told = ask("show stat " + config.backend() + " 6 -1");
        if (told.startsWith("No such proxy")) {
            throw new InvalidConfig(
                    "The HAProxy at " + config.socket() + " has no backend " + config.backend() + ".",
                    "Correct traffic.haproxy.backend.");
        }
        return HaproxyBackend.parsed(told)
                .orElseThrow(
                        () -> noSplit(
                                "it answered '" + told.lines().findFirst().orElse("") + "'",
                                "Look at what listens there, and at traffic.haproxy.socket; one that does not tell uweight is too old."));
    }

    private Server server(HaproxyBackend backend, Colour colour) {
        return backend.server(name(colour))
                .orElseThrow(() -> new InvalidConfig(
                        this + " has no server " + name(colour) + ".",
                        "Correct traffic.haproxy.servers." + colour + "."));
    }

    private String ask(String question) {
        IOException failure = null;
        for (int read = 0; read < MOST_READS; read++) {
            if (read > 0) {
                LockSupport.parkNanos(PAUSE.toNanos()); // a reload is over by then
            }
            try {
                String answer = runtime.tell(question);
                if (answer.endsWith("\n\n")) { // an empty line ends it
                    return answer;
                }
                failure = new IOException("its answer was cut short");
            } catch (IOException e) {
                failure = e;
            }
        }
        throw new DependencyFailed(
                "The HAProxy at " + config.socket() + " cannot be asked: " + failure.getMessage() + ".",
                "Look at whether it runs, and at traffic.haproxy.socket and who may use it.",
                failure);
    }

    private OutcomeUnknown noSplit(String why, String hint) {
        return new OutcomeUnknown(this + " serves no split between two colours: " + why + ".", hint);
    }

    @Override
    public String toString() {
        return "Backend " + config.backend() + " of the HAProxy at " + config.socket();
    }
}
