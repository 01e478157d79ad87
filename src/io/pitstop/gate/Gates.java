package io.pitstop.gate;

import io.pitstop.aws.Aws;
import io.pitstop.config.CloudWatchAlarmConfig;
import io.pitstop.config.CloudWatchMetricConfig;
import io.pitstop.config.DatabaseGateConfig;
import io.pitstop.config.GateConfig;
import io.pitstop.config.PrometheusConfig;
import io.pitstop.database.Database;
import java.net.http.HttpClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Opens the gates that pitstop.yml asks for. A new kind of gate is one new branch here. */
public final class Gates {
    private Gates() {}

    /**
     * Builds the gates; asks nobody yet.
     *
     * @param environment environment variables, of which some gates take a token
     * @param aws makes the way to CloudWatch, for gates that need it
     * @param database makes the way to the database, for gates that need it
     * @throws io.pitstop.error.InvalidConfig if a token or the settings of AWS are missing
     */
    public static List<Gate> from(
            List<GateConfig> configs,
            Candidate candidate,
            Map<String, String> environment,
            Supplier<Aws> aws,
            Supplier<Database> database) {
        HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        List<Gate> gates = new ArrayList<>();
        for (GateConfig config : configs) {
            if (config instanceof GateConfig.Http http) {
                gates.add(new HttpGate(http, candidate.address(), client));
            } else if (config instanceof GateConfig.Router limits) {
                gates.add(new RouterGate(limits, candidate.figures()));
            } else if (config instanceof DatabaseGateConfig figure) {
                gates.add(new DatabaseGate(figure, database.get(), new Vigil(Instant::now)));
            } else if (config instanceof PrometheusConfig prometheus) {
                PrometheusClient queries = PrometheusClient.of(prometheus, environment, client);
                gates.add(new PrometheusGate(prometheus, candidate, queries, new Vigil(Instant::now)));
            } else if (config instanceof CloudWatchAlarmConfig alarm) {
                CloudWatch cloudWatch = CloudWatch.of(aws.get());
                gates.add(new CloudWatchAlarmGate(alarm, candidate, cloudWatch, new Vigil(Instant::now)));
            } else if (config instanceof CloudWatchMetricConfig metric) {
                CloudWatch cloudWatch = CloudWatch.of(aws.get());
                gates.add(new CloudWatchMetricGate(metric, candidate, cloudWatch, new Vigil(Instant::now)));
            } else {
                throw new IllegalStateException("no gate for " + config);
            }
        }
        return gates;
    }
}
