package io.pitstop.check.rule;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.schema.Column;
import io.pitstop.check.schema.Constraint;
import io.pitstop.check.schema.Index;
import io.pitstop.check.schema.Name;
import io.pitstop.check.schema.Table;
import io.pitstop.check.schema.Type;
import io.pitstop.check.script.Phase;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Foreign keys, which lock two tables. */
final class ForeignKeyRules {
    private ForeignKeyRules() {}

    static List<Rule> all() {
        return List.of(ADD, SEVERAL, DROP_TABLE, WITHOUT_INDEX, OTHER_TYPE, BEFORE_BACKFILL);
    }

    private static final Rule ADD = Rule.error("add-foreign-key")
            .because(
                    "Nobody can write to either of the two tables while PostgreSQL looks up every row of the one in the"
                            + " other.")
            .unsafe("ALTER TABLE posts ADD CONSTRAINT posts_author FOREIGN KEY (author_id) REFERENCES authors (id);")
            .instead(
                    """
                    -- db/finish/V2.1__index_posts_author_id.sql
                    CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_author_id ON posts (author_id);
                    -- db/finish/V2.2__posts_author.sql: binds new rows at once
                    ALTER TABLE posts ADD CONSTRAINT posts_author FOREIGN KEY (author_id) REFERENCES authors (id) NOT VALID;
                    -- db/finish/V2.3__validate_posts_author.sql: looks the rows up while reads and writes go on
                    ALTER TABLE posts VALIDATE CONSTRAINT posts_author;""")
            .unless("it comes with a new column without a default, which holds no value that could be looked up.")
            .inStatement((scene, hits) -> {
                scene.alterations("AT_AddConstraint").stream()
                        .map(Alteration::definition)
                        .filter(ForeignKeyRules::isForeignKey)
                        .filter(key -> !key.flag("skip_validation"))
                        .forEach(key -> hits.add(key, onPartitioned(scene)));
                scene.alterations("AT_AddColumn").stream()
                        .filter(add -> add.columnDefault().isPresent())
                        .flatMap(add -> add.columnConstraints("CONSTR_FOREIGN"))
                        .forEach(hits::add);
            });

    private static final Rule SEVERAL = Rule.warning("several-foreign-keys")
            .because(
                    "Each foreign key locks the table that it points to as well, so the transaction stops the writes to all"
                            + " of them at once, and may deadlock with the application.")
            .unsafe(
                    """
                    ALTER TABLE posts ADD CONSTRAINT posts_author FOREIGN KEY (author_id) REFERENCES authors (id) NOT VALID;
                    ALTER TABLE posts ADD CONSTRAINT posts_blog FOREIGN KEY (blog_id) REFERENCES blogs (id) NOT VALID;""")
            .instead(
                    """
                    -- db/finish/V2.1__index_posts_author_id.sql
                    CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_author_id ON posts (author_id);
                    -- db/finish/V2.2__index_posts_blog_id.sql
                    CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_blog_id ON posts (blog_id);
                    -- db/finish/V2.3__posts_author.sql: one foreign key in one script
                    ALTER TABLE posts ADD CONSTRAINT posts_author FOREIGN KEY (author_id) REFERENCES authors (id) NOT VALID;
                    -- db/finish/V2.4__posts_blog.sql
                    ALTER TABLE posts ADD CONSTRAINT posts_blog FOREIGN KEY (blog_id) REFERENCES blogs (id) NOT VALID;""")
            .inStatement(ForeignKeyRules::several);

    private static final Rule DROP_TABLE = Rule.warning("drop-table-with-foreign-key")
            .because("Dropping the table locks the tables that it points to as well: nobody can read them meanwhile.")
            .unsafe(
                    """
                    -- db/migration/V1__comments.sql
                    CREATE TABLE comments (id bigint PRIMARY KEY, post_id bigint REFERENCES posts (id));
                    CREATE INDEX comments_post_id ON comments (post_id);
                    -- db/contract/V2.1__drop_comments.sql
                    DROP TABLE comments;""")
            .instead(
                    """
                    -- db/migration/V1__comments.sql
                    CREATE TABLE comments (id bigint PRIMARY KEY, post_id bigint REFERENCES posts (id));
                    CREATE INDEX comments_post_id ON comments (post_id);
                    -- db/contract/V2.1__drop_comments_post_id.sql: alone, so that it waits for nothing else
                    ALTER TABLE comments DROP CONSTRAINT comments_post_id_fkey;
                    -- db/contract/V2.2__drop_comments.sql
                    DROP TABLE comments;""")
            .inStatement((scene, hits) -> {
                Node node = scene.node();
                if (scene.kind().equals("DropStmt") && node.text("removeType").equals("OBJECT_TABLE")) {
                    Set<Name> others = new HashSet<>(Locks.of(scene.statement(), scene.schema()));
                    node.children("objects").forEach(table -> others.remove(Name.of(table.names("items"))));
                    others.stream()
                            .filter(scene::isInUse)
                            .findFirst()
                            .ifPresent(other -> hits.add("Here it is " + other + "."));
                }
            });

    private static final Rule WITHOUT_INDEX = Rule.warning("foreign-key-without-index")
            .because(
                    "Every delete and every change of a key in the other table reads this whole table to look for rows that"
                            + " point to it.")
            .unsafe(
                    """
                    CREATE TABLE comments (
                        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                        post_id bigint NOT NULL REFERENCES posts (id));""")
            .instead(
                    """
                    CREATE TABLE comments (
                        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                        post_id bigint NOT NULL REFERENCES posts (id));
                    CREATE INDEX comments_post_id ON comments (post_id);""")
            .unless("a later script of the repository creates the index.")
            .inStatement((scene, hits) -> added(scene.statement()).forEach(key -> {
                if (!key.columns().isEmpty() && !isIndexed(scene, key)) {
                    hits.add(key.node(), "Here it is " + key.table() + " (" + String.join(", ", key.columns()) + ").");
                }
            }));

    private static final Rule OTHER_TYPE = Rule.warning("foreign-key-type")
            .because(
                    "The two columns have different types: one side overflows before the other, and comparing them may not"
                            + " use an index.")
            .unsafe(
                    """
                    -- db/migration/V1__posts.sql
                    CREATE TABLE posts (id bigint PRIMARY KEY);
                    -- db/migration/V2__comments.sql
                    CREATE TABLE comments (id bigint PRIMARY KEY, post_id int REFERENCES posts (id));
                    CREATE INDEX comments_post_id ON comments (post_id);""")
            .instead(
                    """
                    -- db/migration/V1__posts.sql
                    CREATE TABLE posts (id bigint PRIMARY KEY);
                    -- db/migration/V2__comments.sql
                    CREATE TABLE comments (id bigint PRIMARY KEY, post_id bigint REFERENCES posts (id));
                    CREATE INDEX comments_post_id ON comments (post_id);""")
            .inStatement((scene, hits) -> added(scene.statement()).forEach(key -> {
                if (hasOtherType(scene, key)) {
                    hits.add(key.node());
                }
            }));

    private static final Rule BEFORE_BACKFILL = Rule.warning("foreign-key-before-backfill")
            .because(
                    "The backfill fills this column, and looks up each of its values in the other table: it takes almost"
                            + " twice as long.")
            .unsafe(
                    """
                    -- db/migration/V2__author_id.sql
                    ALTER TABLE posts ADD COLUMN author_id bigint REFERENCES authors (id);
                    -- db/backfill/B1__author_id.sql
                    -- backfill: table=posts key=id
                    -- remaining: SELECT count(*) FROM posts WHERE author_id IS NULL
                    UPDATE posts SET author_id = 1 WHERE id BETWEEN :from AND :to AND author_id IS NULL;
                    -- db/finish/V2.1__index_posts_author_id.sql
                    CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_author_id ON posts (author_id);""")
            .instead(
                    """
                    -- db/migration/V2__author_id.sql
                    ALTER TABLE posts ADD COLUMN author_id bigint;
                    -- db/backfill/B1__author_id.sql
                    -- backfill: table=posts key=id
                    -- remaining: SELECT count(*) FROM posts WHERE author_id IS NULL
                    UPDATE posts SET author_id = 1 WHERE id BETWEEN :from AND :to AND author_id IS NULL;
                    -- db/finish/V2.1__index_posts_author_id.sql
                    CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_author_id ON posts (author_id);
                    -- db/finish/V2.2__posts_author.sql
                    ALTER TABLE posts ADD CONSTRAINT posts_author FOREIGN KEY (author_id) REFERENCES authors (id) NOT VALID;""")
            .inStatement((scene, hits) -> added(scene.statement()).stream()
                    .filter(key -> scene.phase() == Phase.EXPAND)
                    .filter(key ->
                            key.columns().stream().anyMatch(column -> Backfills.fill(scene, key.table(), column)))
                    .forEach(key -> hits.add(key.node())));

    /** A foreign key that a statement adds, to a new table or to an old one. */
    private record Key(Name table, Node node, List<String> columns) {}

    private static List<Key> added(Statement statement) {
        List<Key> keys = new ArrayList<>();
        if (statement.kind().equals("CreateStmt")) {
            Name table = Name.of(statement.node().child("relation"));
            statement.node().children("tableElts").forEach(element -> add(table, element, keys));
        }
        Scene.alterations(statement).forEach(alteration -> add(alteration.table(), alteration.definition(), keys));
        return keys;
    }

    private static void add(Name table, Node element, List<Key> keys) {
        if (isForeignKey(element)) {
            keys.add(new Key(table, element, element.names("fk_attrs")));
        }
        element.children("constraints").stream()
                .filter(ForeignKeyRules::isForeignKey)
                .forEach(key -> keys.add(new Key(table, key, List.of(element.text("colname")))));
    }

    private static boolean isForeignKey(Node constraint) {
        return constraint.text("contype").equals("CONSTR_FOREIGN");
    }

    private static String onPartitioned(Scene scene) {
        boolean partitioned = scene.schema()
                .table(Name.of(scene.node().child("relation")))
                .filter(Table::isPartitioned)
                .isPresent();
        return partitioned && !scene.server().isAtLeast(18)
                ? "A partitioned table takes NOT VALID from PostgreSQL 18 on; before, add the key to each partition."
                : "";
    }

    private static void several(Scene scene, Hits hits) {
        long before = scene.schema().foreignKeysDroppedBy(scene.script())
                + scene.before().stream()
                        .mapToLong(each -> keysAdded(scene, each))
                        .sum();
        long here = keysAdded(scene, scene.statement()) + keysDropped(scene);
        if (scene.script().isInTransaction() && here > 0 && before < 2 && before + here >= 2) {
            hits.add();
        }
    }

    /** To tables in use. */
    private static long keysAdded(Scene scene, Statement statement) {
        return Scene.alterations(statement).findAny().isEmpty()
                ? 0
                : added(statement).stream()
                        .filter(key -> scene.isInUse(key.table()))
                        .count();
    }

    private static long keysDropped(Scene scene) {
        return Scene.alterations(scene.statement())
                .filter(drop -> drop.subtype().equals("AT_DropConstraint"))
                .filter(drop -> scene.schema()
                        .table(drop.table())
                        .flatMap(table -> table.constraint(drop.name()))
                        .filter(constraint -> constraint.kind() == Constraint.Kind.FOREIGN_KEY)
                        .isPresent())
                .count();
    }

    private static boolean isIndexed(Scene scene, Key key) {
        int size = key.columns().size();
        if (scene.end().table(key.table()).isEmpty()) {
            return true; // a later script drops the table with all of its indexes
        }
        return scene.end().indexesOf(key.table()).stream()
                .map(Index::keys)
                .anyMatch(keys -> keys.size() >= size
                        && new HashSet<>(keys.subList(0, size)).equals(new HashSet<>(key.columns())));
    }

    private static boolean hasOtherType(Scene scene, Key key) {
        Name other = Name.of(key.node().child("pktable"));
        List<String> theirs = key.node().names("pk_attrs");
        if (theirs.isEmpty()) {
            theirs = scene.end().table(other).stream()
                    .flatMap(table -> table.constraints().stream())
                    .filter(constraint -> constraint.kind() == Constraint.Kind.PRIMARY_KEY)
                    .flatMap(constraint -> constraint.columns().stream())
                    .toList();
        }
        for (int i = 0; i < Math.min(theirs.size(), key.columns().size()); i++) {
            String mine = type(scene, key.table(), key.columns().get(i));
            String their = type(scene, other, theirs.get(i));
            if (!mine.isEmpty() && !their.isEmpty() && !mine.equals(their)) {
                return true;
            }
        }
        return false;
    }

    private static String type(Scene scene, Name table, String column) {
        return scene.end()
                .column(table, column)
                .map(Column::type)
                .map(Type::name)
                .orElse("");
    }
}
