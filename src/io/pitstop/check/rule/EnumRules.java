package io.pitstop.check.rule;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.schema.Name;
import java.util.List;

/** Types with a fixed list of values. */
final class EnumRules {
    private EnumRules() {}

    static List<Rule> all() {
        return List.of(CREATE, POSITION, RENAME, AT_ONCE);
    }

    private static final Rule CREATE = Rule.warning("create-enum")
            .because("A value of an enum can be added but never removed, and its place among the others never changed.")
            .unsafe("CREATE TYPE status AS ENUM ('draft', 'published');")
            .instead(
                    """
                    CREATE TABLE statuses (status text PRIMARY KEY);
                    INSERT INTO statuses (status) VALUES ('draft'), ('published');""")
            .inStatement((scene, hits) -> {
                if (scene.kind().equals("CreateEnumStmt")) {
                    hits.add();
                }
            });

    private static final Rule POSITION = Rule.warning("enum-value-position")
            .because("The value goes behind all others, also in every ORDER BY and comparison, and can never be moved.")
            .unsafe("ALTER TYPE status ADD VALUE 'in review';")
            .instead("ALTER TYPE status ADD VALUE 'in review' AFTER 'draft';")
            .inStatement((scene, hits) -> {
                Node node = scene.node();
                if (isAdd(scene) && node.text("newValNeighbor").isEmpty()) {
                    hits.add();
                }
            });

    private static final Rule RENAME = Rule.error("rename-enum-value")
            .because("The version that serves users still writes and compares the old value, and its statements fail.")
            .unsafe("ALTER TYPE status RENAME VALUE 'draft' TO 'private';")
            .instead(
                    """
                    -- db/migration/V2__private.sql: a new value beside the old one
                    ALTER TYPE status ADD VALUE 'private' AFTER 'draft';
                    -- db/backfill/B1__private.sql
                    -- backfill: table=posts key=id
                    -- remaining: SELECT count(*) FROM posts WHERE status = 'draft'
                    UPDATE posts SET status = 'private' WHERE id BETWEEN :from AND :to AND status = 'draft';""")
            .unless("the type was created by the same release.")
            .inStatement((scene, hits) -> {
                Node node = scene.node();
                if (scene.kind().equals("AlterEnumStmt")
                        && !node.text("oldVal").isEmpty()
                        && scene.isObjectInUse(Name.of(node.names("typeName")))) {
                    hits.add();
                }
            });

    private static final Rule AT_ONCE = Rule.error("enum-value-used-at-once")
            .because("PostgreSQL does not let a transaction use a value that it added itself.")
            .unsafe(
                    """
                    ALTER TYPE status ADD VALUE 'private' AFTER 'draft';
                    ALTER TABLE posts ADD COLUMN visible status DEFAULT 'private';""")
            .instead(
                    """
                    -- db/migration/V2__private.sql
                    ALTER TYPE status ADD VALUE 'private' AFTER 'draft';
                    -- db/migration/V3__visible.sql
                    ALTER TABLE posts ADD COLUMN visible status DEFAULT 'private';""")
            .inStatement((scene, hits) -> {
                boolean used = scene.before().stream()
                        .filter(each -> each.kind().equals("AlterEnumStmt"))
                        .map(each -> each.node().text("newVal"))
                        .anyMatch(value -> scene.node().all("A_Const").anyMatch(literal -> literal.name()
                                .equals(value)));
                if (used && scene.script().isInTransaction()) {
                    hits.add();
                }
            });

    private static boolean isAdd(Scene scene) {
        return scene.kind().equals("AlterEnumStmt")
                && scene.node().text("oldVal").isEmpty();
    }
}
