package io.pitstop.check.rule;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.schema.Name;
import io.pitstop.check.script.Phase;
import java.util.List;
import java.util.Set;

/** Statements that change rows, in migrations and in backfills. */
final class WriteRules {
    private static final Set<String> IN_BATCHES =
            Set.of("UpdateStmt", "InsertStmt", "DeleteStmt", "MergeStmt", "SelectStmt");

    private WriteRules() {}

    static List<Rule> all() {
        return List.of(MANY_ROWS, BULK_INSERT, DELETE, TWICE, OVERWRITES, CONFLICT, DDL);
    }

    private static final Rule MANY_ROWS = Rule.error("update-many-rows")
            .because(
                    "All rows that it changes stay locked until it has changed the last, so writes of the application wait"
                            + " for as long as that takes.")
            .unsafe("UPDATE posts SET slug = lower(title);")
            .instead(
                    """
                    -- db/backfill/B1__slug.sql: in batches
                    -- backfill: table=posts key=id
                    -- remaining: SELECT count(*) FROM posts WHERE slug IS NULL
                    UPDATE posts SET slug = lower(title) WHERE id BETWEEN :from AND :to AND slug IS NULL;""")
            .unless("WHERE names the rows by constants for their key, or the table was created by the same release.")
            .inStatement((scene, hits) -> {
                boolean deletes =
                        scene.kind().equals("DeleteStmt") && scene.phase().isOldVersionAlive();
                if (scene.phase() != Phase.BACKFILL && !deletes && writesMany(scene)) {
                    hits.add();
                }
            });

    private static final Rule BULK_INSERT = Rule.warning("bulk-insert")
            .because(
                    "It reads a table in use as a whole, in one long transaction, and misses what is written meanwhile.")
            .unsafe("INSERT INTO authors (email) SELECT DISTINCT author_email FROM posts;")
            .instead(
                    """
                    -- db/backfill/B1__authors.sql: in batches, until none is missing
                    -- backfill: table=posts key=id
                    -- remaining: SELECT count(*) FROM posts WHERE NOT EXISTS (SELECT FROM authors WHERE email = author_email)
                    INSERT INTO authors (email) SELECT DISTINCT author_email FROM posts WHERE id BETWEEN :from AND :to
                        ON CONFLICT DO NOTHING;""")
            .inStatement((scene, hits) -> {
                if (scene.phase() != Phase.BACKFILL
                        && Rows.copied(scene.statement()).stream().anyMatch(scene::isInUse)) {
                    hits.add();
                }
            });

    private static final Rule DELETE = Rule.error("delete-before-contract")
            .because("The rows are gone although the old version still serves users, and no rollback brings them back.")
            .unsafe("DELETE FROM posts WHERE status = 'draft';")
            .instead(
                    """
                    -- db/migration/V2__hidden.sql: hide them from the new version
                    ALTER TABLE posts ADD COLUMN hidden boolean NOT NULL DEFAULT false;""")
            .unless("the table was created by the same release, or in contract.")
            .inStatement((scene, hits) -> {
                if (scene.kind().equals("DeleteStmt")
                        && scene.phase().isOldVersionAlive()
                        && scene.isInUse(Name.of(scene.node().child("relation")))) {
                    hits.add();
                }
            });

    private static final Rule TWICE = Rule.error("duplicate-column")
            .because("PostgreSQL refuses a statement that names a column twice.")
            .unsafe("CREATE TABLE tags (id bigint PRIMARY KEY, name text, name text);")
            .instead("CREATE TABLE tags (id bigint PRIMARY KEY, name text);")
            .inStatement((scene, hits) -> {
                List<String> names = named(scene.statement());
                names.stream()
                        .filter(name -> names.indexOf(name) != names.lastIndexOf(name))
                        .findFirst()
                        .ifPresent(name -> hits.add("Here it is " + name + "."));
            });

    private static final Rule OVERWRITES = Rule.warning("backfill-overwrites")
            .because(
                    "The statement does not ask if the row has its value already, so it may overwrite a newer one of the"
                            + " application, and does all its work anew in every pass.")
            .unsafe(
                    """
                    -- db/backfill/B1__slug.sql
                    -- backfill: table=posts key=id
                    -- remaining: SELECT count(*) FROM posts WHERE slug IS NULL
                    UPDATE posts SET slug = lower(title) WHERE id BETWEEN :from AND :to;""")
            .instead(
                    """
                    -- db/backfill/B1__slug.sql
                    -- backfill: table=posts key=id
                    -- remaining: SELECT count(*) FROM posts WHERE slug IS NULL
                    UPDATE posts SET slug = lower(title) WHERE id BETWEEN :from AND :to AND slug IS NULL;""")
            .inStatement((scene, hits) -> {
                if (scene.phase() == Phase.BACKFILL
                        && scene.kind().equals("UpdateStmt")
                        && !asksForTarget(scene.node())) {
                    hits.add();
                }
            });

    private static final Rule CONFLICT = Rule.warning("backfill-insert-conflict")
            .because(
                    "The application may insert the same row at the same moment, and a repeated batch certainly does: then"
                            + " the batch fails, every time.")
            .unsafe(
                    """
                    -- db/backfill/B1__authors.sql
                    -- backfill: table=posts key=id
                    -- remaining: SELECT count(*) FROM posts WHERE NOT EXISTS (SELECT FROM authors WHERE email = author_email)
                    INSERT INTO authors (email) SELECT author_email FROM posts WHERE id BETWEEN :from AND :to;""")
            .instead(
                    """
                    -- db/backfill/B1__authors.sql
                    -- backfill: table=posts key=id
                    -- remaining: SELECT count(*) FROM posts WHERE NOT EXISTS (SELECT FROM authors WHERE email = author_email)
                    INSERT INTO authors (email) SELECT author_email FROM posts WHERE id BETWEEN :from AND :to
                        ON CONFLICT DO NOTHING;""")
            .inStatement((scene, hits) -> {
                if (scene.phase() == Phase.BACKFILL
                        && scene.kind().equals("InsertStmt")
                        && !scene.node().child("onConflictClause").exists()) {
                    hits.add();
                }
            });

    private static final Rule DDL = Rule.error("schema-in-backfill")
            .because("A backfill runs its statements for every batch: what changes the schema belongs in a migration.")
            .unsafe(
                    """
                    -- db/backfill/B1__slug.sql
                    -- backfill: table=posts key=id
                    -- remaining: SELECT count(*) FROM posts WHERE slug IS NULL
                    ALTER TABLE posts ADD COLUMN slug text;
                    UPDATE posts SET slug = lower(title) WHERE id BETWEEN :from AND :to AND slug IS NULL;""")
            .instead(
                    """
                    -- db/migration/V2__slug.sql
                    ALTER TABLE posts ADD COLUMN slug text;
                    -- db/backfill/B1__slug.sql
                    -- backfill: table=posts key=id
                    -- remaining: SELECT count(*) FROM posts WHERE slug IS NULL
                    UPDATE posts SET slug = lower(title) WHERE id BETWEEN :from AND :to AND slug IS NULL;""")
            .inStatement((scene, hits) -> {
                if (scene.phase() == Phase.BACKFILL && !IN_BATCHES.contains(scene.kind())) {
                    hits.add();
                }
            });

    private static boolean writesMany(Scene scene) {
        return Rows.written(scene.statement()).filter(scene::isInUse).isPresent()
                && !Rows.isBounded(scene.statement(), scene.schema());
    }

    private static List<String> named(Statement statement) {
        Node node = statement.node();
        return switch (statement.kind()) {
            case "CreateStmt" -> node.children("tableElts").stream()
                    .map(element -> element.text("colname"))
                    .filter(name -> !name.isEmpty())
                    .toList();
            case "InsertStmt" -> node.children("cols").stream()
                    .filter(column -> column.children("indirection").isEmpty())
                    .map(column -> column.text("name"))
                    .toList();
            case "UpdateStmt" -> node.children("targetList").stream()
                    .filter(column -> column.children("indirection").isEmpty())
                    .map(column -> column.text("name"))
                    .toList();
            default -> List.of();
        };
    }

    /** True if WHERE mentions a column that the statement sets. */
    private static boolean asksForTarget(Node update) {
        List<String> set = update.children("targetList").stream()
                .map(target -> target.text("name"))
                .toList();
        return update.child("whereClause").all("ColumnRef").map(Rows::column).anyMatch(set::contains);
    }
}
