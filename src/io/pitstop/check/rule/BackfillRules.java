package io.pitstop.check.rule;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.schema.Index;
import io.pitstop.check.schema.Name;
import io.pitstop.check.script.Phase;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a file of the backfill says of itself, and whether its statements keep to their batch. */
final class BackfillRules {
    private static final Set<String> IN_BATCHES = Set.of("UpdateStmt", "InsertStmt", "DeleteStmt", "MergeStmt");
    private static final int TO = 2;

    private static final String GOOD =
            """
            -- db/backfill/B1__slug.sql
            -- backfill: table=posts key=id
            -- remaining: SELECT count(*) FROM posts WHERE slug IS NULL
            UPDATE posts SET slug = lower(title) WHERE id BETWEEN :from AND :to AND slug IS NULL;""";

    private static final String POSTS =
            """
            -- db/migration/V1__posts.sql
            CREATE TABLE posts (id bigint PRIMARY KEY, title text, slug text);
            """;

    private BackfillRules() {}

    static List<Rule> all() {
        return List.of(HEADER, TABLE, KEY, UNBOUNDED, MISSES_NULL, REWRITES);
    }

    private static final Rule HEADER = Rule.error("backfill-header")
            .because(
                    "The backfill refuses the file: its first lines do not say which table it walks, how, and what remains.")
            .unsafe(
                    """
                    -- db/backfill/B1__slug.sql
                    -- backfill: tabel=posts key=id
                    UPDATE posts SET slug = lower(title) WHERE id BETWEEN :from AND :to AND slug IS NULL;""")
            .instead(GOOD)
            .inScript((scene, hits) -> {
                if (scene.phase() == Phase.BACKFILL) {
                    BackfillHeader header = BackfillHeader.of(scene.script(), scene.grammar());
                    header.problems().forEach(each -> hits.add(each.line(), each.detail()));
                    if (header.problems().isEmpty() && !header.saysHow() && usesBounds(scene)) {
                        hits.add(
                                header.line(),
                                "Here nothing says of which column :from and :to are values: write key=.");
                    }
                    if (scene.script().statements().isEmpty()
                            && scene.script().mistakes().isEmpty()) {
                        hits.add(header.line(), "There is no statement in it.");
                    }
                }
            });

    private static final Rule TABLE = Rule.warning("backfill-table")
            .because("No script creates the table or touches it, so the backfill will probably not find it.")
            .unsafe(POSTS + GOOD.replace("table=posts", "table=post"))
            .instead(GOOD)
            .inScript((scene, hits) -> header(scene).ifPresent(header -> header.table()
                    .filter(table -> !isKnown(scene, table))
                    .ifPresent(table -> hits.add(header.line(), "Here it is " + table + "."))));

    private static final Rule KEY = Rule.error("backfill-key")
            .because(
                    "The backfill refuses to walk along it: it needs columns of the table, and an index that begins with"
                            + " them, or every batch would read the table as a whole.")
            .unsafe(POSTS + GOOD.replace("key=id", "key=title"))
            .instead(GOOD)
            .unless("scripts do not tell all columns of the table.")
            .inScript((scene, hits) -> header(scene).ifPresent(header -> {
                Name table = header.table().orElse(new Name("", ""));
                if (!header.key().isEmpty() && isToldInFull(scene, table)) {
                    wrongKey(scene, table, header.key()).ifPresent(what -> hits.add(header.line(), what));
                }
            }));

    private static final Rule UNBOUNDED = Rule.error("backfill-unbounded")
            .because(
                    "The statement does not keep to its batch, so that each batch would do the work of all: the backfill"
                            + " refuses it.")
            .unsafe(GOOD.replace("id BETWEEN :from AND :to AND ", ""))
            .instead(GOOD)
            .inStatement((scene, hits) -> {
                if (scene.phase() == Phase.BACKFILL && IN_BATCHES.contains(scene.kind()) && !isBounded(scene.node())) {
                    hits.add();
                }
            });

    private static final Rule MISSES_NULL = Rule.warning("backfill-misses-null")
            .because(
                    "A comparison by <> is neither true nor false for NULL, so rows that have no value yet are never filled.")
            .unsafe(GOOD.replace("slug IS NULL;", "slug <> lower(title);"))
            .instead(GOOD.replace("slug IS NULL;", "slug IS DISTINCT FROM lower(title);"))
            .unless("WHERE asks for NULL as well.")
            .inStatement((scene, hits) -> {
                if (scene.phase() == Phase.BACKFILL && scene.kind().equals("UpdateStmt")) {
                    missed(scene.node()).ifPresent(hits::add);
                }
            });

    private static final Rule REWRITES = Rule.warning("backfill-rewrites")
            .because(
                    "Rows that are right already are written again in every pass and at every retry: dead rows, and locks"
                            + " that the application waits for, for nothing.")
            .unsafe(
                    """
                    -- db/backfill/B1__authors.sql
                    -- backfill: table=posts key=id
                    -- remaining: SELECT count(*) FROM posts WHERE NOT EXISTS (SELECT FROM authors WHERE email = author_email)
                    INSERT INTO authors (email, name) SELECT author_email, author_name FROM posts
                     WHERE id BETWEEN :from AND :to ON CONFLICT (email) DO UPDATE SET name = excluded.name;""")
            .instead(
                    """
                    -- db/backfill/B1__authors.sql
                    -- backfill: table=posts key=id
                    -- remaining: SELECT count(*) FROM posts WHERE NOT EXISTS (SELECT FROM authors WHERE email = author_email)
                    INSERT INTO authors (email, name) SELECT author_email, author_name FROM posts
                     WHERE id BETWEEN :from AND :to ON CONFLICT (email) DO UPDATE SET name = excluded.name
                     WHERE authors.name IS DISTINCT FROM excluded.name;""")
            .inStatement((scene, hits) -> {
                Node conflict = scene.node().child("onConflictClause");
                if (scene.phase() == Phase.BACKFILL
                        && conflict.text("action").equals("ONCONFLICT_UPDATE")
                        && !conflict.child("whereClause").exists()) {
                    hits.add();
                }
            });

    /** The header of a backfill, if nothing is wrong with it in itself. */
    private static Optional<BackfillHeader> header(Scene scene) {
        if (scene.phase() != Phase.BACKFILL) {
            return Optional.empty();
        }
        BackfillHeader header = BackfillHeader.of(scene.script(), scene.grammar());
        return header.problems().isEmpty() ? Optional.of(header) : Optional.empty();
    }

    /** Where no script creates any table, all of them are older than the scripts. */
    private static boolean isKnown(Scene scene, Name table) {
        return scene.schema().table(table).isPresent()
                || scene.end().table(table).isPresent()
                || scene.schema().creatorOf(table).isPresent()
                || creations(scene).findAny().isEmpty()
                || creations(scene)
                        .anyMatch(create -> Name.of(create.child("relation")).equals(table));
    }

    /** True if a script lists the columns: not for a partition, an heir, or one that is LIKE another. */
    private static boolean isToldInFull(Scene scene, Name table) {
        return creations(scene)
                        .filter(create -> Name.of(create.child("relation")).equals(table))
                        .filter(create -> create.children("inhRelations").isEmpty()
                                && !create.child("ofTypename").exists()
                                && create.children("tableElts").stream()
                                        .allMatch(element -> element.is("ColumnDef", "Constraint")))
                        .count()
                == 1;
    }

    private static Stream<Node> creations(Scene scene) {
        return scene.scripts().stream()
                .flatMap(script -> script.statements().stream())
                .filter(statement -> statement.kind().equals("CreateStmt"))
                .map(statement -> statement.node());
    }

    private static Optional<String> wrongKey(Scene scene, Name table, List<String> key) {
        Optional<String> missing = key.stream()
                .filter(column -> scene.schema().column(table, column).isEmpty()
                        && scene.end().column(table, column).isEmpty())
                .findFirst();
        if (missing.isPresent()) {
            return Optional.of("Here " + table + " has no column " + missing.get() + ".");
        }
        boolean indexed = Stream.concat(scene.schema().indexesOf(table).stream(), scene.end().indexesOf(table).stream())
                .map(Index::keys)
                .anyMatch(keys ->
                        keys.size() >= key.size() && keys.subList(0, key.size()).equals(key));
        return indexed
                ? Optional.empty()
                : Optional.of("Here no index of " + table + " begins with " + String.join(", ", key) + ".");
    }

    /** :from and :to are the parameters 1 and 2; :batch is 1 in the place of a condition. */
    private static boolean isBounded(Node statement) {
        boolean to = statement.all("ParamRef").anyMatch(parameter -> parameter.number("number") == TO);
        boolean onlyFrom = statement
                .all("A_Expr")
                .flatMap(each -> Stream.of(each.child("lexpr"), each.child("rexpr")))
                .anyMatch(side -> side.is("ParamRef"));
        return to || !onlyFrom && statement.all("ParamRef").findAny().isPresent();
    }

    private static boolean usesBounds(Scene scene) {
        return scene.script().statements().stream()
                .flatMap(statement -> statement.node().all("ParamRef"))
                .anyMatch(parameter -> parameter.number("number") == TO);
    }

    /** The comparison by which an UPDATE does not see rows without a value. */
    private static Optional<Node> missed(Node update) {
        Node where = update.child("whereClause");
        List<String> set = update.children("targetList").stream()
                .map(target -> target.text("name"))
                .toList();
        List<String> asked = where.all("NullTest")
                .flatMap(test -> test.all("ColumnRef"))
                .map(Rows::column)
                .toList();
        return where.all("A_Expr")
                .filter(each -> each.names("name").equals(List.of("<>")))
                .filter(each -> each.text("kind").equals("AEXPR_OP"))
                .filter(each -> each.child("lexpr").is("ColumnRef"))
                .filter(each -> {
                    String column = Rows.column(each.child("lexpr"));
                    return set.contains(column) && !asked.contains(column);
                })
                .findFirst();
    }
}
