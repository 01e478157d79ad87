package io.pitstop.explore;

import io.pitstop.release.Colour;
import io.pitstop.release.Fact;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What holds in every state, and of every run of a command. */
final class Invariants {
    private final List<String> broken = new ArrayList<>();

    private Invariants() {}

    /** @param before the state that this one was reached from; empty at the beginning */
    static List<String> of(Snapshot now, Optional<Snapshot> before) {
        Invariants check = new Invariants();
        check.versionsWorkWithTheSchema(now);
        check.oneReleaseAtATime(now);
        check.usersAreServed(now);
        check.nothingIrreversibleBeforeContract(now);
        check.theLogTells(now);
        if (now.is(Fact.CONTRACT_BEGUN)
                && before.filter(was -> was.is(Fact.CONTRACT_BEGUN)).isEmpty()) {
            check.contractHadEvidence(now);
        }
        return check.broken;
    }

    /** @param ended by a run that began {@code before}, alone and in a world without faults */
    static List<String> of(Outcome ended, Snapshot before, Snapshot now) {
        Invariants check = new Invariants();
        check.hold(
                "no defect, no unknown outcome, nothing fails without a fault", ended.exit() < 5 && ended.exit() != 1);
        if (ended.isRefused()) {
            check.hold(
                    "a step that was refused changed nothing",
                    before.facts().equals(now.facts())
                            && before.outside().equals(now.outside())
                            && before.functions().equals(now.functions())
                            && same("pitstop.approvals", before, now)
                            && same("pitstop.releases", before, now)
                            && same("public.posts", before, now));
        }
        if (ended.exit() == 4) {
            check.hold(
                    "when a gate or a test has failed, users are on the old version",
                    now.outside().split().isAllTo(now.candidate().other()));
        }
        return check.broken;
    }

    private static boolean same(String table, Snapshot before, Snapshot now) {
        return before.tables().get(table).equals(now.tables().get(table));
    }

    private void versionsWorkWithTheSchema(Snapshot now) {
        boolean wayBack = now.isOpen() && !now.is(Fact.CONTRACT_BEGUN);
        for (Map.Entry<Colour, String> running : now.outside().runs().entrySet()) {
            boolean users = now.outside().split().of(running.getKey()) > 0;
            boolean old = running.getValue().equals("1");
            if (old && (users || wayBack)) {
                hold(
                        "every version that gets traffic, or could get it by rollback, works with the schema",
                        now.functions().containsAll(Stage.OLD));
            }
            if (!old && users) {
                hold(
                        "the new version gets traffic with a schema that is complete",
                        now.functions().containsAll(List.of("added", "strict")) && now.unfilled() == 0);
            }
        }
    }

    private void oneReleaseAtATime(Snapshot now) {
        hold(
                "at most one release is open",
                now.rows("pitstop.releases")
                                .filter(row -> row.get("finished_at").isNull())
                                .count()
                        <= 1);
    }

    private void usersAreServed(Snapshot now) {
        for (Colour colour : Colour.values()) {
            if (now.outside().split().of(colour) > 0) {
                hold(
                        "users are never on a colour that is not there",
                        now.outside().isConnected(colour));
            }
        }
    }

    private void nothingIrreversibleBeforeContract(Snapshot now) {
        if (now.functions().containsAll(Stage.OLD)) {
            return;
        }
        hold("nothing is dropped before contract has begun", now.is(Fact.CONTRACT_BEGUN) || now.is(Fact.CONTRACTED));
        for (String name : Stage.OLD) {
            if (!now.functions().contains(name)) {
                hold(
                        "contract archives first",
                        now.own("pitstop.archived_objects")
                                .anyMatch(row -> Snapshot.text(row, "identity").contains(name)
                                        && !row.get("dropped_at").isNull()));
            }
        }
    }

    private void contractHadEvidence(Snapshot now) {
        Colour old = now.candidate().other();
        hold(
                "contract never begins while the old colour serves",
                now.outside().split().of(old) == 0);
        hold(
                "contract never begins while the old colour is connected",
                !now.outside().isConnected(old));
        hold("contract never begins before its time", now.isDue());
        hold("contract never begins while rows are not filled", now.unfilled() == 0);
    }

    private void theLogTells(Snapshot now) {
        for (Fact fact : now.facts().keySet()) {
            hold("the event log tells of every fact: " + fact.words(), now.hasBeen(fact.words()));
        }
    }

    private void hold(String sentence, boolean holds) {
        if (!holds) {
            broken.add(sentence);
        }
    }
}
