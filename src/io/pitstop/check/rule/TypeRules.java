package io.pitstop.check.rule;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.schema.Column;
import io.pitstop.check.schema.Type;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The types of columns. */
final class TypeRules {
    private static final Set<String> SMALL = Set.of("int2", "int4");

    private TypeRules() {}

    static List<Rule> all() {
        return List.of(CHANGE_TYPE, JSON, CHAR, TIMESTAMP, MONEY, INT_KEY, SERIAL);
    }

    private static final Rule CHANGE_TYPE = Rule.error("change-type")
            .because("PostgreSQL writes the whole table and its indexes anew while nobody can read it.")
            .unsafe(
                    """
                    -- db/migration/V1__posts.sql
                    CREATE TABLE posts (id bigint PRIMARY KEY, likes int);
                    -- db/migration/V2__likes.sql
                    ALTER TABLE posts ALTER COLUMN likes TYPE bigint;""")
            .instead(
                    """
                    -- db/migration/V2__likes.sql: a new column, kept in step by a trigger
                    ALTER TABLE posts ADD COLUMN likes_count bigint;
                    -- db/backfill/B1__likes.sql
                    -- backfill: table=posts key=id
                    -- remaining: SELECT count(*) FROM posts WHERE likes_count IS NULL
                    UPDATE posts SET likes_count = likes WHERE id BETWEEN :from AND :to AND likes_count IS NULL;
                    -- db/contract/V2.1__drop_likes.sql
                    ALTER TABLE posts DROP COLUMN likes;""")
            .unless("the rows stay as they are: varchar(20) to varchar(40) or to text, numeric with more digits,"
                    + " timestamp to timestamptz, and the like; the old type must be in a script of the repository.")
            .inStatement(TypeRules::changeType);

    private static final Rule JSON = Rule.warning("json-column")
            .because(
                    "Type json has no equality, so that SELECT DISTINCT, GROUP BY and UNION fail on it; jsonb has, and can be"
                            + " indexed.")
            .unsafe("ALTER TABLE posts ADD COLUMN settings json;")
            .instead("ALTER TABLE posts ADD COLUMN settings jsonb;")
            .inStatement((scene, hits) -> typed(scene, type -> type.name().equals("json"), hits));

    private static final Rule CHAR = Rule.warning("char-column")
            .because("A char(n) pads every value with blanks, and changing its length writes the whole table anew.")
            .unsafe("ALTER TABLE posts ADD COLUMN country char(2);")
            .instead("ALTER TABLE posts ADD COLUMN country text;")
            .inStatement((scene, hits) -> typed(scene, type -> type.name().equals("bpchar"), hits));

    private static final Rule TIMESTAMP = Rule.warning("timestamp-without-time-zone")
            .because("It stores what a clock on some wall shows, so sessions in different time zones read different"
                    + " instants.")
            .unsafe("ALTER TABLE posts ADD COLUMN published timestamp;")
            .instead("ALTER TABLE posts ADD COLUMN published timestamptz;")
            .inStatement((scene, hits) -> typed(scene, type -> type.name().equals("timestamp"), hits));

    private static final Rule MONEY = Rule.warning("money-column")
            .because(
                    "What a value of type money means depends on a setting of the server, and its fractions are fixed.")
            .unsafe("ALTER TABLE posts ADD COLUMN price money;")
            .instead("ALTER TABLE posts ADD COLUMN price numeric(12, 2);")
            .inStatement((scene, hits) -> typed(scene, type -> type.name().equals("money"), hits));

    private static final Rule INT_KEY = Rule.warning("int-primary-key")
            .because(
                    "The numbers run out at two billion, at 32,767 for smallint, and widening the column writes the whole"
                            + " table anew.")
            .unsafe("CREATE TABLE comments (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, content text);")
            .instead("CREATE TABLE comments (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, content text);")
            .unless("the application gives the numbers, as for the rows of a small list.")
            .inStatement(TypeRules::intKey);

    private static final Rule SERIAL = Rule.warning("serial-column")
            .because(
                    "A serial's sequence has rights and an owner of its own, and anybody may write the column past it.")
            .unsafe("CREATE TABLE comments (id bigserial PRIMARY KEY, content text);")
            .instead("CREATE TABLE comments (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, content text);")
            .inStatement((scene, hits) -> definitions(scene.statement())
                    .filter(column -> Type.isSerial(column.child("typeName")))
                    .forEach(hits::add));

    private static void changeType(Scene scene, Hits hits) {
        for (Alteration change : scene.alterations("AT_AlterColumnType")) {
            Type wanted = Type.of(change.definition().child("typeName"));
            Optional<Type> now = scene.schema()
                    .column(change.table(), change.name())
                    .map(Column::type)
                    .filter(Type::isKnown);
            if (now.isEmpty()) {
                hits.add(
                        change.definition(),
                        "No script says what type " + change.name() + " has now: if it is one that becomes " + wanted
                                + " as it stands, allow the change.");
            } else if (!now.get().becomesForFree(wanted) || isComputed(change, wanted)) {
                hits.add(change.definition(), "Here it is " + now.get() + " to " + wanted + ".");
            }
        }
    }

    /** True if USING does more than to name the column, or if the order of the values changes. */
    private static boolean isComputed(Alteration change, Type wanted) {
        Node using = change.definition().child("raw_default");
        if (using.is("TypeCast") && Type.of(using.child("typeName")).equals(wanted)) {
            using = using.child("arg");
        }
        boolean isColumn = using.is("ColumnRef") && using.names("fields").contains(change.name());
        return using.exists() && !isColumn
                || change.definition().child("collClause").exists();
    }

    private static void typed(Scene scene, Predicate<Type> unwanted, Hits hits) {
        Stream<Node> changed = Scene.alterations(scene.statement())
                .filter(alteration -> alteration.subtype().equals("AT_AlterColumnType"))
                .map(Alteration::definition);
        Stream.concat(definitions(scene.statement()), changed)
                .filter(column -> unwanted.test(Type.of(column.child("typeName"))))
                .forEach(hits::add);
    }

    private static void intKey(Scene scene, Hits hits) {
        if (!scene.kind().equals("CreateStmt")) {
            return;
        }
        List<Node> elements = scene.node().children("tableElts");
        List<List<String>> keys = elements.stream()
                .filter(element -> element.text("contype").equals("CONSTR_PRIMARY"))
                .map(key -> key.names("keys"))
                .toList();
        elements.stream()
                .filter(element -> element.is("ColumnDef"))
                .filter(column ->
                        SMALL.contains(Type.of(column.child("typeName")).name()))
                .filter(column -> isGenerated(column))
                .filter(column -> has(column, "CONSTR_PRIMARY") || keys.contains(List.of(column.text("colname"))))
                .forEach(hits::add);
    }

    private static boolean isGenerated(Node column) {
        return Type.isSerial(column.child("typeName"))
                || has(column, "CONSTR_IDENTITY")
                || column.all("FuncCall")
                        .anyMatch(call -> call.names("funcname").contains("nextval"));
    }

    private static boolean has(Node column, String constraint) {
        return column.children("constraints").stream()
                .anyMatch(each -> each.text("contype").equals(constraint));
    }

    /** The columns that a statement brings, in new tables and in old ones. */
    static Stream<Node> definitions(Statement statement) {
        Stream<Node> created = statement.kind().equals("CreateStmt")
                ? statement.node().children("tableElts").stream().filter(element -> element.is("ColumnDef"))
                : Stream.empty();
        Stream<Node> added = Scene.alterations(statement)
                .filter(alteration -> alteration.subtype().equals("AT_AddColumn"))
                .map(Alteration::definition);
        return Stream.concat(created, added);
    }
}
