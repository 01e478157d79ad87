package io.pitstop.cli.wiring;

import io.pitstop.archive.Archives;
import io.pitstop.config.PitstopConfig;
import io.pitstop.step.Chronicle;
import io.pitstop.step.ConnectionBudget;
import io.pitstop.step.Doctor;
import io.pitstop.step.Plan;
import io.pitstop.step.Status;
import io.pitstop.traffic.Readiness;
import java.util.List;

/** Builds what looks at a release and its systems, and changes nothing. */
public final class Looks {
    private final PitstopConfig config;
    private final Systems systems;
    private final Status status;
    private final Archives archives;
    private final Readiness readiness;

    public Looks(PitstopConfig config, Systems systems, Status status, Archives archives, Readiness readiness) {
        this.config = config;
        this.systems = systems;
        this.status = status;
        this.archives = archives;
        this.readiness = readiness;
    }

    public Chronicle chronicle() {
        return new Chronicle(
                status, List.of(systems.expand(), systems.finish(), systems.dropping()), archives, systems.journal());
    }

    public Plan plan() {
        return new Plan(
                systems.router(), systems.environments(), systems.expand(), systems.finish(), systems.dropping());
    }

    public Doctor doctor() {
        return new Doctor(
                systems::terraformVersion,
                systems.database(),
                systems.sessions(),
                systems.router(),
                readiness,
                systems::observations,
                systems.environments(),
                systems::backend,
                new ConnectionBudget(
                        systems.database(),
                        systems.sessions(),
                        systems.router(),
                        config.database().poolSize()),
                List.of(systems.expand(), systems.finish(), systems.dropping()));
    }
}
