package io.pitstop.check.rule;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.schema.Name;
import io.pitstop.check.schema.Replay;
import io.pitstop.check.schema.Routine;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Tables and other objects that go, or get another name. */
final class TableRules {
    private static final Set<String> CODE = Set.of("OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE");
    private static final Set<String> OBJECTS = Set.of(
            "OBJECT_VIEW",
            "OBJECT_MATVIEW",
            "OBJECT_SEQUENCE",
            "OBJECT_FUNCTION",
            "OBJECT_PROCEDURE",
            "OBJECT_ROUTINE",
            "OBJECT_AGGREGATE",
            "OBJECT_TYPE",
            "OBJECT_DOMAIN",
            "OBJECT_FOREIGN_TABLE",
            "OBJECT_EXTENSION");
    private static final Set<String> REWRITES =
            Set.of("AT_SetUnLogged", "AT_SetLogged", "AT_SetTableSpace", "AT_SetAccessMethod", "AT_SetExpression");

    private TableRules() {}

    static List<Rule> all() {
        return List.of(DROP, OBJECT, SCHEMA, CASCADE, AGAIN, TRUNCATE, RENAME, RENAME_OBJECT, REWRITE);
    }

    private static final Rule DROP = Rule.error("drop-table")
            .because("The version that serves users still uses the table, so its statements fail from this moment on.")
            .unsafe("DROP TABLE comments;")
            .instead(
                    """
                    -- db/contract/V2.1__drop_comments.sql
                    DROP TABLE comments;""")
            .unless("the table was created by the same release, or in contract, when nobody uses it any more.")
            .inStatement((scene, hits) -> {
                if (isDrop(scene, Set.of("OBJECT_TABLE"))
                        && scene.phase().isOldVersionAlive()
                        && dropped(scene.statement()).anyMatch(scene::isInUse)) {
                    hits.add();
                }
            });

    private static final Rule OBJECT = Rule.error("drop-object")
            .because(
                    "The version that serves users may still use it, and then its statements fail from this moment on.")
            .unsafe("DROP VIEW recent_posts;")
            .instead(
                    """
                    -- db/contract/V2.1__drop_recent_posts.sql
                    DROP VIEW recent_posts;""")
            .unless("it was created by the same release, or the same script creates it anew.")
            .inStatement((scene, hits) -> {
                if (isDrop(scene, OBJECTS)
                        && scene.phase().isOldVersionAlive()
                        && dropped(scene.statement())
                                .anyMatch(name -> isObjectInUse(scene, name) && !isCreatedAnew(scene, name))) {
                    hits.add();
                }
            });

    private static final Rule SCHEMA = Rule.error("drop-schema")
            .because("Everything in it goes with it, whoever uses it, and the script names none of it.")
            .unsafe(
                    """
                    -- db/contract/V2.1__drop_legacy.sql
                    DROP SCHEMA legacy;""")
            .instead(
                    """
                    -- db/contract/V2.1__drop_legacy_comments.sql: table by table
                    DROP TABLE legacy.comments;""")
            .inStatement((scene, hits) -> {
                if (isDrop(scene, Set.of("OBJECT_SCHEMA"))
                        || Set.of("DropdbStmt", "DropOwnedStmt").contains(scene.kind())) {
                    hits.add();
                }
            });

    private static final Rule CASCADE = Rule.error("drop-cascade")
            .because(
                    "CASCADE also drops what the script does not name: views, foreign keys, columns, whoever uses them.")
            .unsafe(
                    """
                    -- db/contract/V2.1__drop_comments.sql
                    DROP TABLE comments CASCADE;""")
            .instead(
                    """
                    -- db/contract/V2.1__drop_recent_comments.sql: name what goes, one by one
                    DROP VIEW recent_comments;
                    -- db/contract/V2.2__drop_comments.sql
                    DROP TABLE comments;""")
            .unless("all that is dropped was created by the same release.")
            .inStatement(TableRules::cascade);

    private static final Rule AGAIN = Rule.error("drop-and-create")
            .because("The rows of the table are gone, and nobody asked for them to be kept.")
            .unsafe(
                    """
                    -- db/contract/V2.1__comments.sql
                    DROP TABLE IF EXISTS comments;
                    CREATE TABLE comments (id bigint PRIMARY KEY, content text);""")
            .instead(
                    """
                    -- db/migration/V2__remarks.sql: another table beside it, filled by a backfill
                    CREATE TABLE remarks (id bigint PRIMARY KEY, content text);
                    -- db/contract/V2.1__drop_comments.sql
                    DROP TABLE comments;""")
            .inStatement((scene, hits) -> {
                if (scene.kind().equals("CreateStmt")) {
                    Name created = Name.of(scene.node().child("relation"));
                    boolean gone = scene.before().stream()
                            .filter(each -> each.node().text("removeType").equals("OBJECT_TABLE"))
                            .flatMap(TableRules::dropped)
                            .anyMatch(created::equals);
                    if (gone) {
                        hits.add();
                    }
                }
            });

    private static final Rule TRUNCATE = Rule.error("truncate")
            .because("All rows are gone at once, and nobody can read the table meanwhile.")
            .unsafe("TRUNCATE comments;")
            .instead(
                    """
                    -- db/contract/V2.1__drop_comments.sql: drop what nobody needs
                    DROP TABLE comments;""")
            .unless("the table was created by the same release.")
            .inStatement((scene, hits) -> {
                if (scene.kind().equals("TruncateStmt")
                        && scene.node().children("relations").stream()
                                .map(Name::of)
                                .anyMatch(scene::isInUse)) {
                    hits.add();
                }
            });

    private static final Rule RENAME = Rule.error("rename-table")
            .because("One of the two versions does not know the name that the table has, so its statements fail.")
            .unsafe("ALTER TABLE posts RENAME TO articles;")
            .instead(
                    """
                    -- db/migration/V2__articles.sql: the old name stays, as a view that can be written to
                    ALTER TABLE posts RENAME TO articles;
                    CREATE VIEW posts AS SELECT * FROM articles;
                    -- db/contract/V2.1__drop_posts.sql
                    DROP VIEW posts;""")
            .unless("the same script creates a view with the old name, or the table was created by the same release.")
            .inStatement((scene, hits) -> {
                if (isRenamed(scene, Set.of("OBJECT_TABLE"))) {
                    Name table = Name.of(scene.node().child("relation"));
                    if (scene.isInUse(table) && !isCreatedAnew(scene, table)) {
                        hits.add();
                    }
                } else if (isRenamed(scene, Set.of("OBJECT_SCHEMA"))) {
                    hits.add();
                }
            });

    private static final Rule RENAME_OBJECT = Rule.error("rename-object")
            .because("One of the two versions does not know the name that it has, so its statements fail.")
            .unsafe("ALTER VIEW recent_posts RENAME TO latest_posts;")
            .instead(
                    """
                    -- db/migration/V2__latest_posts.sql: under both names for a while
                    CREATE VIEW latest_posts AS SELECT id, title FROM posts;
                    -- db/contract/V2.1__drop_recent_posts.sql
                    DROP VIEW recent_posts;""")
            .unless("it was created by the same release.")
            .inStatement((scene, hits) -> {
                if (isRenamed(scene, OBJECTS) && !isRenamed(scene, Set.of("OBJECT_MATVIEW"))) {
                    Node node = scene.node();
                    Name name = node.child("relation").exists()
                            ? Name.of(node.child("relation"))
                            : Name.of(Replay.names(node.child("object")));
                    if (isObjectInUse(scene, name)) {
                        hits.add();
                    }
                }
            });

    private static final Rule REWRITE = Rule.error("table-rewrite")
            .because("The whole table is written anew while nobody can read or write it.")
            .unsafe("ALTER TABLE posts SET UNLOGGED;")
            .instead(
                    """
                    -- db/migration/V2__fillfactor.sql: such settings hold for what is written from now on
                    ALTER TABLE posts SET (fillfactor = 90);
                    -- and to shrink or sort a table while it is in use, run pg_repack""")
            .unless("the table was created by the same release.")
            .inStatement((scene, hits) -> {
                scene.alterations(REWRITES.toArray(String[]::new)).forEach(change -> hits.add(change.command()));
                boolean full = scene.node().children("options").stream()
                        .anyMatch(option -> option.text("defname").equals("full"));
                if (scene.kind().equals("ClusterStmt") || scene.kind().equals("VacuumStmt") && full) {
                    hits.add();
                }
            });

    private static void cascade(Scene scene, Hits hits) {
        scene.alterations("AT_DropColumn", "AT_DropConstraint").stream()
                .filter(drop -> drop.command().text("behavior").equals("DROP_CASCADE"))
                .forEach(drop -> hits.add(drop.command()));
        boolean cascades = scene.node().text("behavior").equals("DROP_CASCADE");
        boolean known =
                scene.kind().equals("DropStmt") && dropped(scene.statement()).noneMatch(name -> isUsed(scene, name));
        if (Set.of("DropStmt", "TruncateStmt").contains(scene.kind()) && cascades && !known) {
            hits.add();
        }
    }

    private static boolean isUsed(Scene scene, Name name) {
        return switch (scene.node().text("removeType")) {
            case "OBJECT_TABLE" -> scene.isInUse(name);
            case "OBJECT_TRIGGER" -> scene.isInUse(new Name("", name.schema()));
            default -> isObjectInUse(scene, name);
        };
    }

    private static boolean isObjectInUse(Scene scene, Name name) {
        String type = scene.node().text("removeType")
                + scene.node().text("renameType")
                + scene.node().text("objectType");
        if (CODE.contains(type)) {
            return scene.schema()
                    .routine(name.name())
                    .map(Routine::createdBy)
                    .filter(creator -> scene.pending().isNew(creator, scene.script()))
                    .isEmpty();
        }
        return scene.isObjectInUse(name);
    }

    private static boolean isDrop(Scene scene, Set<String> types) {
        return scene.kind().equals("DropStmt") && types.contains(scene.node().text("removeType"));
    }

    private static boolean isRenamed(Scene scene, Set<String> types) {
        String type = scene.node().text("renameType") + scene.node().text("objectType");
        return Set.of("RenameStmt", "AlterObjectSchemaStmt").contains(scene.kind()) && types.contains(type);
    }

    private static Stream<Name> dropped(Statement drop) {
        return drop.node().children("objects").stream().map(object -> Name.of(Replay.names(object)));
    }

    /** True if a later statement of the script creates something with the name. */
    private static boolean isCreatedAnew(Scene scene, Name name) {
        List<Statement> all = scene.script().statements();
        return all.stream()
                .skip(Math.max(0, all.indexOf(scene.statement())))
                .map(Statement::node)
                .anyMatch(node -> Name.of(node.child("view")).equals(name)
                        || Name.of(node.child("relation")).equals(name) && node.is("CreateStmt")
                        || Name.of(node.child("into").child("rel")).equals(name)
                        || !node.names("funcname").isEmpty()
                                && node.is("CreateFunctionStmt")
                                && Name.of(node.names("funcname")).name().equals(name.name()));
    }
}
