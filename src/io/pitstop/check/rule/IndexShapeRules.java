package io.pitstop.check.rule;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.schema.Index;
import io.pitstop.check.schema.Name;
import io.pitstop.check.script.Phase;
import java.util.List;
import java.util.stream.Stream;

/** What an index holds. */
final class IndexShapeRules {
    private static final int MOST_KEYS = 3;

    private IndexShapeRules() {}

    static List<Rule> all() {
        return List.of(WIDE, REDUNDANT, HASH, BEFORE_BACKFILL, FUNCTION);
    }

    private static final Rule WIDE = Rule.warning("wide-index")
            .because(
                    "Every write keeps all columns of the index in step, and queries seldom use more than the first three.")
            .unsafe("CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_all ON posts (author_id, day, likes, title);")
            .instead("CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_author_day ON posts (author_id, day);")
            .unless("the index is unique: then its columns are a rule of the application.")
            .inStatement((scene, hits) -> {
                boolean wide = scene.node().children("indexParams").size() > MOST_KEYS;
                if (scene.kind().equals("IndexStmt") && wide && !scene.node().flag("unique")) {
                    hits.add();
                }
            });

    private static final Rule REDUNDANT = Rule.warning("redundant-index")
            .because(
                    "Another index begins with the same columns and serves the same queries; every write pays for both.")
            .unsafe(
                    """
                    -- db/migration/V1__posts.sql
                    CREATE TABLE posts (id bigint PRIMARY KEY, author_id bigint, day date);
                    CREATE INDEX posts_author_day ON posts (author_id, day);
                    -- db/migration/V2__posts_author.sql
                    CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_author ON posts (author_id);""")
            .instead(
                    """
                    -- db/migration/V1__posts.sql: this one is enough
                    CREATE TABLE posts (id bigint PRIMARY KEY, author_id bigint, day date);
                    CREATE INDEX posts_author_day ON posts (author_id, day);""")
            .unless(
                    "one of the two is unique and has fewer columns, or holds only some rows, or another order, or a later script"
                            + " drops the other.")
            .inStatement(IndexShapeRules::redundant);

    private static final Rule HASH = Rule.warning("hash-index")
            .because("A hash index finds equal values only: no order, no ranges, no uniqueness, and seldom faster.")
            .unsafe("CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_slug ON posts USING hash (slug);")
            .instead("CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_slug ON posts (slug);")
            .inStatement((scene, hits) -> {
                if (scene.kind().equals("IndexStmt")
                        && scene.node().text("accessMethod").equals("hash")) {
                    hits.add();
                }
            });

    private static final Rule BEFORE_BACKFILL = Rule.warning("index-before-backfill")
            .because(
                    "The backfill fills this column, and has to enter each of its values into the index: it takes twice as"
                            + " long.")
            .unsafe(
                    """
                    -- db/migration/V2__author_id.sql
                    ALTER TABLE posts ADD COLUMN author_id bigint;
                    -- db/migration/V3__index_posts_author_id.sql
                    CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_author_id ON posts (author_id);
                    -- db/backfill/B1__author_id.sql
                    -- backfill: table=posts key=id
                    -- remaining: SELECT count(*) FROM posts WHERE author_id IS NULL
                    UPDATE posts SET author_id = 1 WHERE id BETWEEN :from AND :to AND author_id IS NULL;""")
            .instead(
                    """
                    -- db/migration/V2__author_id.sql
                    ALTER TABLE posts ADD COLUMN author_id bigint;
                    -- db/backfill/B1__author_id.sql
                    -- backfill: table=posts key=id
                    -- remaining: SELECT count(*) FROM posts WHERE author_id IS NULL
                    UPDATE posts SET author_id = 1 WHERE id BETWEEN :from AND :to AND author_id IS NULL;
                    -- db/finish/V2.1__index_posts_author_id.sql: after the backfill
                    CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_author_id ON posts (author_id);""")
            .inStatement((scene, hits) -> {
                if (scene.kind().equals("IndexStmt") && scene.phase() == Phase.EXPAND) {
                    Index index = Index.of(scene.node(), scene.script());
                    if (index.keys().stream().anyMatch(column -> Backfills.fill(scene, index.table(), column))) {
                        hits.add();
                    }
                }
            });

    private static final Rule FUNCTION = Rule.warning("function-in-expression")
            .because(
                    "PostgreSQL does not notice when the function changes: what is in the index, or was checked, stays as"
                            + " the old one had it, and a restored dump may miss the function.")
            .unsafe(
                    """
                    -- db/migration/V1__slug.sql
                    CREATE FUNCTION slug(title text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(title)';
                    -- db/migration/V2__index_posts_slug.sql
                    CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_slug ON posts (slug(title));""")
            .instead("CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_slug ON posts (lower(title));")
            .unless("no script of the repository creates the function, as for PostgreSQL's own.")
            .inStatement((scene, hits) -> expressions(scene.statement())
                    .flatMap(expression -> expression.all("FuncCall"))
                    .map(call -> Name.of(call.names("funcname")).name())
                    .filter(function -> scene.schema().routine(function).isPresent())
                    .findFirst()
                    .ifPresent(function -> hits.add("Here it is " + function + "().")));

    private static void redundant(Scene scene, Hits hits) {
        if (!scene.kind().equals("IndexStmt")) {
            return;
        }
        Index created = Index.of(scene.node(), scene.script());
        if (!created.plain()) {
            return;
        }
        scene.schema().indexesOf(created.table()).stream()
                .filter(other -> other.plain() && !other.name().equals(created.name()))
                .filter(other -> covers(other, created))
                .filter(other -> scene.end().index(other.name()).isPresent())
                .findFirst()
                .ifPresent(other -> hits.add("Here it is " + other.name() + "."));
    }

    /** True if whoever looks into {@code created} could look into {@code other} instead. */
    private static boolean covers(Index other, Index created) {
        int size = created.keys().size();
        boolean begins =
                other.keys().size() >= size && other.keys().subList(0, size).equals(created.keys());
        // What is unique says something about the rows that the longer one does not say.
        return begins && (!created.unique() || other.unique() && other.keys().size() == size);
    }

    /** What an index, a CHECK or a generated column computes. */
    private static Stream<Node> expressions(Statement statement) {
        Stream<Node> indexed = statement.kind().equals("IndexStmt")
                ? Stream.concat(
                        statement.node().children("indexParams").stream(),
                        Stream.of(statement.node().child("whereClause")))
                : Stream.empty();
        Stream<Node> constraints = List.of("CreateStmt", "AlterTableStmt").contains(statement.kind())
                ? statement.node().all("Constraint").filter(constraint -> List.of("CONSTR_CHECK", "CONSTR_GENERATED")
                        .contains(constraint.text("contype")))
                : Stream.empty();
        return Stream.concat(indexed, constraints);
    }
}
