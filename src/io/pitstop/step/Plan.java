package io.pitstop.step;

import io.pitstop.environment.Environment;
import io.pitstop.environment.Environments;
import io.pitstop.migration.Migrations;
import io.pitstop.migration.Pending;
import io.pitstop.release.Colour;
import io.pitstop.traffic.TrafficRouter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a release would do, without doing it. */
public final class Plan {
    private final TrafficRouter router;
    private final Environments environments;
    private final Migrations expand;
    private final Migrations finish;
    private final Migrations contract;

    public Plan(
            TrafficRouter router,
            Environments environments,
            Migrations expand,
            Migrations finish,
            Migrations contract) {
        this.router = router;
        this.environments = environments;
        this.expand = expand;
        this.finish = finish;
        this.contract = contract;
    }

    /**
     * @param split who serves users now
     * @param versions what runs as each colour; a colour without an environment is absent
     */
    public record Report(
            String split,
            Map<String, String> versions,
            List<String> expand,
            List<String> finish,
            List<String> contract) {}

    public Report read() {
        Map<String, String> versions = Stream.of(Colour.values())
                .flatMap(colour -> environments.find(colour).stream())
                .collect(Collectors.toMap(found -> found.colour().toString(), Environment::version));
        return new Report(router.split().toString(), versions, scripts(expand), scripts(finish), scripts(contract));
    }

    private static List<String> scripts(Migrations migrations) {
        return migrations.pending().stream().map(Pending::script).toList();
    }
}
