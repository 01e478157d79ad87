package io.pitstop.step;

import io.pitstop.database.Database;
import io.pitstop.database.DatabaseHealth;
import io.pitstop.environment.Environment;
import io.pitstop.environment.Environments;
import io.pitstop.error.PitstopException;
import io.pitstop.jtf.Backend;
import io.pitstop.migration.Migrations;
import io.pitstop.release.Colour;
import io.pitstop.release.ColourSessions;
import io.pitstop.traffic.Observation;
import io.pitstop.traffic.Readiness;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TrafficRouter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Looks at everything that a release needs. Changes nothing. */
public final class Doctor {
    private static final int SMALLEST_SERVER = 130_000;
    private final Supplier<String> terraform;
    private final Database database;
    private final ColourSessions sessions;
    private final TrafficRouter router;
    private final Readiness readiness;
    private final Supplier<List<Observation>> observations;
    private final Environments environments;
    private final Supplier<Optional<Backend>> states;
    private final ConnectionBudget budget;
    private final List<Migrations> migrations;

    /**
     * @param terraform says which Terraform is used, or fails
     * @param states where the colours' states lie
     * @param observations what was seen of the router's own settings
     */
    public Doctor(
            Supplier<String> terraform,
            Database database,
            ColourSessions sessions,
            TrafficRouter router,
            Readiness readiness,
            Supplier<List<Observation>> observations,
            Environments environments,
            Supplier<Optional<Backend>> states,
            ConnectionBudget budget,
            List<Migrations> migrations) {
        this.terraform = terraform;
        this.database = database;
        this.sessions = sessions;
        this.router = router;
        this.readiness = readiness;
        this.observations = observations;
        this.environments = environments;
        this.states = states;
        this.budget = budget;
        this.migrations = migrations;
    }

    /** @param hint what to do; empty if it is healthy */
    public record Finding(String what, boolean healthy, String detail, String hint) {
        public static Finding of(Observation seen) {
            return new Finding(seen.what(), seen.good(), seen.detail(), seen.hint());
        }
    }

    /** All findings, the good ones too. */
    public List<Finding> examine() {
        List<Finding> findings = new ArrayList<>();
        findings.add(look("terraform", () -> good("terraform", terraform.get())));
        findings.add(look("router", this::split));
        for (Colour colour : Colour.values()) {
            findings.add(look(colour.toString(), () -> colour(colour)));
        }
        for (Observation seen : observations.get()) {
            findings.add(Finding.of(seen));
        }
        findings.add(look("database", this::server));
        findings.add(look("sessions", this::sessions));
        findings.add(look("connections", this::connections));
        findings.add(look("state", this::state));
        findings.add(look("indexes", this::indexes));
        findings.add(look("migrations", this::migrations));
        return findings;
    }

    private static Finding look(String what, Supplier<Finding> question) {
        try {
            return question.get();
        } catch (PitstopException failure) {
            return new Finding(what, false, failure.getMessage(), failure.hint());
        }
    }

    private Finding split() {
        Split split = router.split();
        return live().isPresent()
                ? good("router", split.toString())
                : bad("router", "traffic is split: " + split, "Finish the release, or run pitstop rollback.");
    }

    private Finding colour(Colour colour) {
        String version = environments.find(colour).map(Environment::version).orElse("nothing");
        boolean isLive = live().filter(colour::equals).isPresent();
        String detail = (isLive ? "live" : "idle") + ", runs " + version + ", " + router.health(colour);
        boolean healthy = !isLive || readiness.inability(colour).isEmpty();
        return healthy
                ? good(colour.toString(), detail)
                : bad(colour.toString(), detail, "Mend the live colour before you release.");
    }

    private Finding server() {
        DatabaseHealth health = DatabaseHealth.read(database);
        String detail = "PostgreSQL " + health.version() + ", reached as " + health.user();
        return health.versionNumber() >= SMALLEST_SERVER
                ? good("database", detail)
                : bad("database", detail, "Upgrade to PostgreSQL 13 or later.");
    }

    private Finding sessions() {
        Colour live = live().orElse(Colour.BLUE);
        int count = sessions.count(live);
        String name = sessions.name(live);
        return count > 0
                ? good("sessions", count + " are named " + name)
                : bad(
                        "sessions",
                        "no session is named " + name,
                        "Give the pool of each colour its ApplicationName, or set database.sessions.");
    }

    private Finding connections() {
        ConnectionBudget.Sum sum = budget.read();
        return sum.holds()
                ? good("connections", sum.words())
                : bad("connections", sum.words(), "Raise max_connections or make the pools smaller.");
    }

    /** Where the colours' states lie; asked after them, which makes Terraform note it. */
    private Finding state() {
        Optional<Backend> backend = states.get();
        if (backend.isEmpty()) {
            return good("state", "not made yet");
        }
        String type = backend.get().type();
        if (!backend.get().isLocked()) {
            return bad(
                    "state",
                    "lies in " + type + " without a lock: two builds at once would destroy it",
                    "Set use_lockfile = true in the backend block, and use Terraform 1.10 or later.");
        }
        return good(
                "state",
                "lies in " + type
                        + (backend.get().isOfOneMachine() ? ", which only this machine has" : ", locked while in use"));
    }

    private Finding indexes() {
        List<String> invalid = DatabaseHealth.read(database).invalidIndexes();
        return invalid.isEmpty()
                ? good("indexes", "none is invalid")
                : bad(
                        "indexes",
                        "invalid: " + String.join(", ", invalid),
                        "Drop each with DROP INDEX CONCURRENTLY; an invalid unique index may refuse writes.");
    }

    private Finding migrations() {
        int pending =
                migrations.stream().mapToInt(phase -> phase.pending().size()).sum();
        return good("migrations", pending + " pending");
    }

    private Optional<Colour> live() {
        Split split = router.split();
        return Stream.of(Colour.values()).filter(split::isAllTo).findFirst();
    }

    private static Finding good(String what, String detail) {
        return new Finding(what, true, detail, "");
    }

    private static Finding bad(String what, String detail, String hint) {
        return new Finding(what, false, detail, hint);
    }
}
