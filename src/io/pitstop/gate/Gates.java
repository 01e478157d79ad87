package io.pitstop.gate;

import io.pitstop.config.GateConfig;
import io.pitstop.metrics.Series;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Opens the gates that pitstop.yml asks for. A new kind of gate is one new branch here. */
public final class Gates {
    private Gates() {}

    /**
     * Builds the gates; asks nobody yet.
     *
     * @param candidate address of the candidate's colour itself, past the router
     * @param router the candidate's figures as the router counts them, since any moment before the bake; it throws
     *     {@link io.pitstop.error.DependencyFailed} if it cannot be asked
     */
    public static List<Gate> from(List<GateConfig> configs, URI candidate, Supplier<Series> router) {
        HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        List<Gate> gates = new ArrayList<>();
        for (GateConfig config : configs) {
            if (config instanceof GateConfig.Http http) {
                gates.add(new HttpGate(http, candidate, client));
            } else if (config instanceof GateConfig.Router limits) {
                gates.add(new RouterGate(limits, router));
            } else {
                throw new IllegalStateException("no gate for " + config);
            }
        }
        return gates;
    }
}
