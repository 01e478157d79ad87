package io.pitstop.step;

import static io.pitstop.release.Fact.DEPLOYED;
import static io.pitstop.release.Fact.SMOKE_TESTED;

import io.pitstop.environment.Environment;
import io.pitstop.environment.Environments;
import io.pitstop.error.CheckFailed;
import io.pitstop.error.MoveRefused;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.smoke.CheckResult;
import io.pitstop.smoke.SmokeReport;
import io.pitstop.smoke.SmokeSuite;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Puts the checks of pitstop.yml to the idle colour by its own address. */
public final class SmokeTest {
    private static final String STEP = SMOKE_TESTED.step();
    private static final int LONGEST_WORDS = 300;

    private final ReleaseJournal journal;
    private final Environments environments;
    private final SmokeSuite suite;
    private final Consumer<SmokeReport> reports;

    /** @param reports gets what the checks found, whether they passed or not */
    public SmokeTest(
            ReleaseJournal journal, Environments environments, SmokeSuite suite, Consumer<SmokeReport> reports) {
        this.journal = journal;
        this.environments = environments;
        this.suite = suite;
        this.reports = reports;
    }

    /** @param checks each check with what it measured; empty if it was done before */
    public record Result(String release, String message, List<CheckResult> checks) implements StepResult {}

    /**
     * @param again test even if this deployment was tested before
     * @throws CheckFailed naming each check that failed
     */
    public Result run(Optional<String> id, boolean again) {
        Release found = new Releases(journal).find(id);
        if (found.is(SMOKE_TESTED) && !again) {
            return new Result(found.id(), "Already smoke tested; nothing left to do.", List.of());
        }
        refuseUnready(found);
        try (Lease lease = journal.lease(found, STEP)) {
            Release tested = journal.load(found.id());
            URI idle = deployed(tested).url();
            URI live =
                    environments.find(found.incumbent()).map(Environment::url).orElse(idle);
            lease.note("smoke testing", Map.of("url", idle.toString()));
            SmokeReport report = suite.run(idle, live);
            reports.accept(report);
            if (!report.passed()) {
                lease.note("smoke test failed", Map.of("found", words(report)));
                lease.revoke(SMOKE_TESTED, "a check failed");
                throw failed(found, report);
            }
            refuseReplaced(tested);
            lease.record(SMOKE_TESTED, Map.of("checks", report.results().size(), "found", words(report)));
            return new Result(found.id(), report.results().size() + " smoke checks passed.", report.results());
        }
    }

    /** What was deployed while the checks ran was tested by none of them, or by some. */
    private void refuseReplaced(Release tested) {
        Release now = journal.load(tested.id());
        if (!now.since(DEPLOYED).equals(tested.since(DEPLOYED))) {
            throw new MoveRefused(
                    tested.candidate() + " was deployed again while it was tested, so this says nothing of it.",
                    "Run pitstop smoke-test again.");
        }
    }

    static void refuseUnready(Release release) {
        Releases.refuseEnded(release);
        release.require(DEPLOYED);
    }

    private Environment deployed(Release release) {
        return environments
                .find(release.candidate())
                .filter(environment -> environment.version().equals(release.version()))
                .orElseThrow(() -> new MoveRefused(
                        release.candidate() + " does not run " + release.version() + ".", "Run deploy-green first."));
    }

    /** What each check measured, in short: all of it is in the report. */
    private static List<String> words(SmokeReport report) {
        return report.results().stream()
                .map(check -> (check.passed() ? "passed " : "FAILED ") + check.name() + ": "
                        + check.detail().lines().findFirst().orElse(""))
                .map(line -> line.substring(0, Math.min(line.length(), LONGEST_WORDS)))
                .toList();
    }

    private static CheckFailed failed(Release release, SmokeReport report) {
        List<String> failures = report.failed().stream()
                .map(check -> check.name() + " (" + check.detail() + ")")
                .toList();
        return new CheckFailed(
                failures.size() + " of " + report.results().size() + " smoke checks failed on " + release.candidate()
                        + ": " + String.join("; ", failures) + ". Users are on " + release.incumbent() + ".",
                "Mend the version and deploy it, then test again.");
    }
}
