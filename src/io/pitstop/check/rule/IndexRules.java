package io.pitstop.check.rule;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.schema.Index;
import io.pitstop.check.schema.Name;
import io.pitstop.check.schema.Replay;
import io.pitstop.check.schema.Schema;
import io.pitstop.check.schema.Table;
import io.pitstop.check.script.Transactional;
import java.util.List;
import java.util.stream.Stream;

/** How indexes come and go. */
final class IndexRules {
    private IndexRules() {}

    static List<Rule> all() {
        return List.of(CREATE_INDEX, PARTITIONED, DROP_INDEX, REINDEX, REPLACE, TOO_EARLY, CORRUPTION);
    }

    private static final Rule CREATE_INDEX = Rule.error("create-index")
            .because("Nobody can write to the table until the index is built.")
            .unsafe("CREATE INDEX posts_author_id ON posts (author_id);")
            .instead(
                    """
                    -- db/migration/V2__index_posts_author_id.sql: one statement, for it runs without a transaction
                    CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_author_id ON posts (author_id);""")
            .unless("the table was created by the same release, in the same phase: then it is empty.")
            .inStatement((scene, hits) -> {
                Node node = scene.node();
                if (scene.kind().equals("IndexStmt")
                        && !node.flag("concurrent")
                        && scene.isInUse(Name.of(node.child("relation")))
                        && !isOnPartitioned(scene)) {
                    hits.add();
                }
            });

    private static final Rule PARTITIONED = Rule.error("index-on-partitioned")
            .because(
                    "The index is built on every partition in one transaction, and nobody can write to any of them until"
                            + " the last is done; CONCURRENTLY is not to be had here.")
            .unsafe(
                    """
                    -- db/migration/V1__events.sql
                    CREATE TABLE events (id bigint, day date) PARTITION BY RANGE (day);
                    -- db/migration/V2__index_events.sql
                    CREATE INDEX events_day ON events (day);""")
            .instead(
                    """
                    -- db/migration/V1__events.sql
                    CREATE TABLE events (id bigint, day date) PARTITION BY RANGE (day);
                    CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
                    -- db/migration/V2__index_events.sql: on the parent alone, invalid until all partitions have one
                    CREATE INDEX events_day ON ONLY events (day);
                    -- db/migration/V3__index_events_2026.sql: one script for each partition
                    CREATE INDEX CONCURRENTLY IF NOT EXISTS events_2026_day ON events_2026 (day);
                    -- db/migration/V4__attach_index_events_2026.sql
                    ALTER INDEX events_day ATTACH PARTITION events_2026_day;""")
            .unless("no script of the repository creates the table: then nobody can tell that it is partitioned.")
            .inStatement((scene, hits) -> {
                if (scene.kind().equals("IndexStmt")
                        && isOnPartitioned(scene)
                        && scene.node().child("relation").flag("inh")
                        && scene.isInUse(Name.of(scene.node().child("relation")))) {
                    hits.add();
                }
            });

    private static final Rule DROP_INDEX = Rule.error("drop-index")
            .because("It waits for everybody who uses the table, and everybody who comes later waits behind it.")
            .unsafe("DROP INDEX posts_author_email;")
            .instead(
                    """
                    -- db/contract/V2.1__drop_posts_author_email.sql: one statement, for it runs without a transaction
                    DROP INDEX CONCURRENTLY IF EXISTS posts_author_email;""")
            .unless("the index or its table was created by the same release.")
            .inStatement((scene, hits) -> {
                if (isDrop(scene)
                        && !scene.node().flag("concurrent")
                        && dropped(scene).anyMatch(name -> isInUse(scene, name))) {
                    hits.add();
                }
            });

    private static final Rule REINDEX = Rule.error("reindex")
            .because("Nobody can write to the table until the index is built anew, and nobody can read by that index.")
            .unsafe("REINDEX INDEX posts_author_id;")
            .instead(
                    """
                    -- db/migration/V2__reindex.sql.conf: this file beside the script says that there is no transaction
                    executeInTransaction=false
                    -- db/migration/V2__reindex.sql
                    REINDEX INDEX CONCURRENTLY posts_author_id;""")
            .inStatement((scene, hits) -> {
                if (scene.kind().equals("ReindexStmt") && !Transactional.isConcurrent(scene.node())) {
                    hits.add();
                }
            });

    private static final Rule REPLACE = Rule.warning("replace-index")
            .because(
                    "Between the drop and the end of the build there is no such index, and queries read the whole table.")
            .unsafe(
                    """
                    -- db/migration/V1__posts.sql
                    CREATE TABLE posts (id bigint PRIMARY KEY, author_id bigint, day date);
                    CREATE INDEX posts_author ON posts (author_id);
                    -- db/contract/V2.1__drop_posts_author.sql
                    DROP INDEX CONCURRENTLY posts_author;
                    -- db/contract/V2.2__posts_author_day.sql
                    CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_author_day ON posts (author_id, day);""")
            .instead(
                    """
                    -- db/migration/V1__posts.sql
                    CREATE TABLE posts (id bigint PRIMARY KEY, author_id bigint, day date);
                    CREATE INDEX posts_author ON posts (author_id);
                    -- db/finish/V2.1__posts_author_day.sql: first the new one
                    CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_author_day ON posts (author_id, day);
                    -- db/contract/V2.1__drop_posts_author.sql
                    DROP INDEX CONCURRENTLY posts_author;""")
            .inStatement(IndexRules::replaced);

    private static final Rule TOO_EARLY = Rule.warning("drop-index-too-early")
            .because("The version that serves users may need the index, and a rollback does not bring it back.")
            .unsafe("DROP INDEX CONCURRENTLY posts_author_email;")
            .instead(
                    """
                    -- db/contract/V2.1__drop_posts_author_email.sql
                    DROP INDEX CONCURRENTLY IF EXISTS posts_author_email;""")
            .unless("the index was created by the same release.")
            .inStatement((scene, hits) -> {
                boolean early = scene.phase().isOldVersionAlive();
                if (isDrop(scene) && early && dropped(scene).anyMatch(name -> isInUse(scene, name))) {
                    hits.add();
                }
            });

    private static final Rule CORRUPTION = Rule.error("concurrent-index-corruption")
            .because("PostgreSQL 14.0 to 14.3 may leave rows out of an index that is built CONCURRENTLY.")
            .unsafe(
                    """
                    -- PostgreSQL 14.2
                    CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_author_id ON posts (author_id);""")
            .instead(
                    """
                    -- PostgreSQL 14.4: upgrade the server first
                    CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_author_id ON posts (author_id);""")
            .unless("the minor version is not known; give --server-version with it.")
            .inStatement((scene, hits) -> {
                ServerVersion server = scene.server();
                boolean broken = server.major() == 14 && server.minor() >= 0 && server.minor() < 4;
                boolean builds =
                        scene.kind().equals("IndexStmt") && scene.node().flag("concurrent")
                                || scene.kind().equals("ReindexStmt") && Transactional.isConcurrent(scene.node());
                if (broken && builds) {
                    hits.add();
                }
            });

    private static boolean isOnPartitioned(Scene scene) {
        return scene.schema()
                .table(Name.of(scene.node().child("relation")))
                .filter(Table::isPartitioned)
                .isPresent();
    }

    private static boolean isDrop(Scene scene) {
        return scene.kind().equals("DropStmt")
                && scene.node().text("removeType").equals("OBJECT_INDEX");
    }

    private static Stream<Name> dropped(Scene scene) {
        return scene.node().children("objects").stream().map(object -> Name.of(Replay.names(object)));
    }

    private static boolean isInUse(Scene scene, Name name) {
        Index index = scene.schema().index(name).orElse(null);
        return index == null
                || scene.isInUse(index.table())
                        && (index.createdBy() == null
                                || !scene.pending().isSameRelease(index.createdBy(), scene.script()));
    }

    private static void replaced(Scene scene, Hits hits) {
        if (!scene.kind().equals("IndexStmt")) {
            return;
        }
        Index created = Index.of(scene.node(), scene.script());
        List<Index> left = scene.schema().indexesOf(created.table());
        scene.schema().droppedIndexes().stream()
                .filter(drop -> scene.pending().isSameRelease(drop.by(), scene.script()))
                .map(Schema.Dropped::index)
                .filter(old -> old.table().equals(created.table()))
                .filter(old -> old.keys().get(0).equals(created.keys().get(0)))
                .filter(old -> left.stream()
                        .noneMatch(other ->
                                other.keys().get(0).equals(created.keys().get(0))))
                .findFirst()
                .ifPresent(old -> hits.add("Here it is " + old.name() + "."));
    }
}
