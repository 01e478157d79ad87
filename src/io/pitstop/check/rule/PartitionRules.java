package io.pitstop.check.rule;

import io.pitstop.check.schema.Constraint;
import io.pitstop.check.schema.Name;
import java.util.List;

/** Partitions of tables in use. */
final class PartitionRules {
    private PartitionRules() {}

    static List<Rule> all() {
        return List.of(CREATE, ATTACH, DETACH);
    }

    private static final Rule CREATE = Rule.warning("create-partition")
            .because("It waits until nobody uses the parent table, and everybody who comes later waits behind it.")
            .unsafe("CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');")
            .instead(
                    """
                    CREATE TABLE events_2026 (
                        LIKE events INCLUDING ALL,
                        CHECK (day IS NOT NULL AND day >= '2026-01-01' AND day < '2027-01-01'));
                    ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');""")
            .unless("the parent was created by the same release.")
            .inStatement((scene, hits) -> {
                if (scene.kind().equals("CreateStmt")
                        && scene.node().child("partbound").exists()) {
                    scene.node().children("inhRelations").stream()
                            .filter(parent -> scene.isInUse(Name.of(parent)))
                            .forEach(hits::add);
                }
            });

    private static final Rule ATTACH = Rule.warning("attach-partition-without-check")
            .because(
                    "PostgreSQL reads the whole partition to see that its rows belong there, while nobody can read it.")
            .unsafe(
                    """
                    ALTER TABLE events ATTACH PARTITION old_events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');""")
            .instead(
                    """
                    -- db/finish/V2.1__old_events_days.sql: the same condition as the partition's
                    ALTER TABLE old_events ADD CONSTRAINT old_events_days
                        CHECK (day IS NOT NULL AND day >= '2026-01-01' AND day < '2027-01-01') NOT VALID;
                    -- db/finish/V2.2__validate_old_events_days.sql
                    ALTER TABLE old_events VALIDATE CONSTRAINT old_events_days;
                    -- db/finish/V2.3__attach_old_events.sql: at once, since the constraint proves it
                    ALTER TABLE events ATTACH PARTITION old_events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');""")
            .unless("the partition has a validated CHECK, or was created by the same release.")
            .inStatement((scene, hits) -> Scene.alterations(scene.statement())
                    .filter(alteration -> alteration.subtype().equals("AT_AttachPartition"))
                    .forEach(attach -> {
                        Name child = Name.of(attach.definition().child("name"));
                        if (scene.isInUse(child) && !hasValidCheck(scene, child)) {
                            hits.add(attach.command());
                        }
                    }));

    private static final Rule DETACH = Rule.error("detach-partition")
            .because("It waits until nobody uses the parent table, and everybody who comes later waits behind it.")
            .unsafe("ALTER TABLE events DETACH PARTITION events_2020;")
            .instead(
                    """
                    -- PostgreSQL 14: from this version on
                    -- db/contract/V2.1__detach_events_2020.sql.conf: this file says that there is no transaction
                    executeInTransaction=false
                    -- db/contract/V2.1__detach_events_2020.sql
                    ALTER TABLE events DETACH PARTITION events_2020 CONCURRENTLY;""")
            .inStatement((scene, hits) -> scene.alterations("AT_DetachPartition").stream()
                    .filter(detach -> !detach.definition().flag("concurrent"))
                    .forEach(detach -> hits.add(
                            detach.command(),
                            scene.server().isAtLeast(14)
                                    ? ""
                                    : "PostgreSQL 13 knows no other way: allow it, and keep it alone in its script.")));

    private static boolean hasValidCheck(Scene scene, Name table) {
        return scene.schema().table(table).stream()
                .flatMap(found -> found.constraints().stream())
                .anyMatch(constraint -> constraint.kind() == Constraint.Kind.CHECK && constraint.validated());
    }
}
