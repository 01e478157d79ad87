package io.pitstop.explore;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Runs a release to its end once, so that all tables are there, and then tells what there is without any release. */
final class Rehearsal {
    private Rehearsal() {}

    static Snapshot begin(Stage stage, Agent agent) {
        List<Move> all =
                List.of(Move.EXPAND, Move.DEPLOY, Move.BACKFILL, Move.SMOKE, Move.APPROVE, Move.SWITCH, Move.CONTRACT);
        for (Move move : all) {
            if (move == Move.CONTRACT) {
                stage.pass(Agent.CONTRACT_AFTER);
            }
            Outcome outcome = move.run(stage, agent);
            if (!outcome.isDone()) {
                throw new AssertionError(move + ": " + outcome);
            }
        }
        Snapshot end = stage.snapshot();
        Map<String, String> tables = new HashMap<>(end.tables());
        tables.replaceAll((table, rows) -> "[]");
        tables.put(
                "public.flyway_schema_history",
                end.rows("public.flyway_schema_history")
                        .filter(row -> Snapshot.text(row, "version").equals("1"))
                        .toList()
                        .toString());
        tables.put("public.posts", "[{\"id\":1,\"author_id\":null}]");
        tables.put("fake.clock", "[{\"ahead\":\"00:00:00\"}]");
        stage.restore(new Snapshot(tables, new TreeSet<>(Stage.OLD), end.now(), Outside.before()));
        return stage.snapshot();
    }
}
