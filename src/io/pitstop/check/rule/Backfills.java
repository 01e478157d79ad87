package io.pitstop.check.rule;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.schema.Name;
import io.pitstop.check.script.Phase;
import java.util.stream.Stream;

/** What the backfill of the release writes. */
final class Backfills {
    private Backfills() {}

    /** True if it updates rows of {@code table}. */
    static boolean update(Scene scene, Name table) {
        return updates(scene, table).findAny().isPresent();
    }

    /** True if it fills {@code column}. */
    static boolean fill(Scene scene, Name table, String column) {
        return updates(scene, table)
                .flatMap(update -> update.children("targetList").stream())
                .anyMatch(target -> target.text("name").equals(column));
    }

    private static Stream<Node> updates(Scene scene, Name table) {
        return scene.scripts().stream()
                .filter(script -> script.phase() == Phase.BACKFILL)
                .filter(script -> scene.pending().isSameRelease(script, scene.script()))
                .flatMap(script -> script.statements().stream())
                .filter(statement -> statement.kind().equals("UpdateStmt"))
                .map(statement -> statement.node())
                .filter(update -> Name.of(update.child("relation")).equals(table));
    }
}
