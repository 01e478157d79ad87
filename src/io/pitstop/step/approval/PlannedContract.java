package io.pitstop.step.approval;

import static io.pitstop.release.Fact.CONTRACT_BEGUN;
import static io.pitstop.release.Fact.SWITCHED;

import io.pitstop.error.MoveRefused;
import io.pitstop.migration.Migrations;
import io.pitstop.migration.Pending;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The contract scripts that a release began with. Contract runs long after the sources moved on: what was merged
 * meanwhile is for the next version, and may drop what this one needs.
 */
public final class PlannedContract {
    private static final String PLANNED = "contract planned";

    private final ReleaseJournal journal;
    private final Migrations contract;

    public PlannedContract(ReleaseJournal journal, Migrations contract) {
        this.journal = journal;
        this.contract = contract;
    }

    /** Notes what is pending now, unless users have the new version already: then the plan stays as it was. */
    public void note(Lease lease, Release release) {
        Map<String, String> now = pending();
        if (!release.is(SWITCHED) && !planned(release).equals(Optional.of(now))) {
            lease.note(PLANNED, Map.of("scripts", now));
        }
    }

    /**
     * Returns if all that is pending was planned; a release that was opened by an agent that noted no plan may contract
     * whatever there is.
     *
     * @throws MoveRefused naming the scripts that are new or were changed
     */
    public void refuseOthers(Release release) {
        planned(release).ifPresent(plan -> {
            List<String> others = pending().entrySet().stream()
                    .filter(script -> !isPlanned(script, plan, release))
                    .map(script -> script.getKey() + (plan.containsKey(script.getKey()) ? " was changed" : " is new"))
                    .sorted()
                    .toList();
            if (!others.isEmpty()) {
                throw new MoveRefused(
                        "Contract of " + release.id() + " would apply what was not there when the release began: "
                                + String.join(", ", others) + ".",
                        "Check out the release's commit, or release the new script with the next version.");
            }
        });
    }

    private static boolean isPlanned(Map.Entry<String, String> script, Map<String, String> plan, Release release) {
        String checksum = plan.get(script.getKey());
        // A script that failed half-way must be mended to get to the end: there is no way back any more.
        return script.getValue().equals(checksum) || release.is(CONTRACT_BEGUN) && checksum != null;
    }

    private Map<String, String> pending() {
        return contract.pending().stream().collect(Collectors.toMap(Pending::script, Pending::checksum));
    }

    @SuppressWarnings("unchecked") // as note() wrote it
    private Optional<Map<String, String>> planned(Release release) {
        return journal.events(release).stream()
                .filter(event -> event.event().equals(PLANNED))
                .reduce((earlier, later) -> later)
                .map(event -> (Map<String, String>) event.particulars().get("scripts"));
    }
}
