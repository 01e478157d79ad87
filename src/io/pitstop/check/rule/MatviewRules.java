package io.pitstop.check.rule;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.schema.Name;
import io.pitstop.check.schema.Replay;
import java.util.List;
import java.util.stream.Stream;

/** Materialized views. */
final class MatviewRules {
    private static final String MATVIEW = "OBJECT_MATVIEW";

    private MatviewRules() {}

    static List<Rule> all() {
        return List.of(REFRESH, RECREATE, RENAME);
    }

    private static final Rule REFRESH = Rule.error("refresh-materialized-view")
            .because("Nobody can read the view until it is computed anew.")
            .unsafe("REFRESH MATERIALIZED VIEW top_posts;")
            .instead(
                    """
                    -- db/finish/V2.1__top_posts_id.sql: CONCURRENTLY needs a unique index
                    CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS top_posts_id ON top_posts (id);
                    -- db/finish/V2.2__refresh_top_posts.sql
                    REFRESH MATERIALIZED VIEW CONCURRENTLY top_posts;""")
            .unless("the view was created by the same release.")
            .inStatement((scene, hits) -> {
                Node node = scene.node();
                if (scene.kind().equals("RefreshMatViewStmt")
                        && !node.flag("concurrent")
                        && scene.isObjectInUse(Name.of(node.child("relation")))) {
                    hits.add();
                }
            });

    private static final Rule RECREATE = Rule.error("recreate-materialized-view")
            .because(
                    "Nobody can read the view until the new one is computed, and the grants, the comment and the indexes of"
                            + " the old one are lost.")
            .unsafe(
                    """
                    -- db/contract/V2.1__top_posts.sql
                    DROP MATERIALIZED VIEW top_posts;
                    CREATE MATERIALIZED VIEW top_posts AS SELECT id, title FROM posts WHERE likes > 100;""")
            .instead(
                    """
                    -- db/migration/V2__best_posts.sql: under a new name, which the new version reads
                    CREATE MATERIALIZED VIEW best_posts AS SELECT id, title FROM posts WHERE likes > 100;
                    -- db/contract/V2.1__drop_top_posts.sql
                    DROP MATERIALIZED VIEW top_posts;""")
            .inStatement((scene, hits) -> {
                if (scene.kind().equals("CreateTableAsStmt")
                        && scene.node().text("objtype").equals(MATVIEW)
                        && dropped(scene)
                                .anyMatch(Name.of(scene.node().child("into").child("rel"))::equals)) {
                    hits.add();
                }
            });

    private static final Rule RENAME = Rule.error("rename-materialized-view")
            .because(
                    "The grants, the comment and the names of the indexes stay with the old view, and views that read it go"
                            + " on reading it under its new name.")
            .unsafe(
                    """
                    ALTER MATERIALIZED VIEW top_posts RENAME TO top_posts_old;
                    ALTER MATERIALIZED VIEW top_posts_new RENAME TO top_posts;""")
            .instead(
                    """
                    -- db/migration/V2__best_posts.sql: under a new name, which the new version reads
                    CREATE MATERIALIZED VIEW best_posts AS SELECT id, title FROM posts WHERE likes > 100;
                    -- db/contract/V2.1__drop_top_posts.sql
                    DROP MATERIALIZED VIEW top_posts;""")
            .unless("the view was created by the same release.")
            .inStatement((scene, hits) -> {
                Node node = scene.node();
                if (scene.kind().equals("RenameStmt")
                        && node.text("renameType").equals(MATVIEW)
                        && scene.isObjectInUse(Name.of(node.child("relation")))) {
                    hits.add();
                }
            });

    private static Stream<Name> dropped(Scene scene) {
        return scene.before().stream()
                .map(Statement::node)
                .filter(node -> node.text("removeType").equals(MATVIEW))
                .flatMap(node -> node.children("objects").stream())
                .map(object -> Name.of(Replay.names(object)));
    }
}
