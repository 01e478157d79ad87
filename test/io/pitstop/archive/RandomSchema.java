package io.pitstop.archive;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Tables, rows and whatever else a schema holds, and scripts that drop parts of it; the same for the same seed. */
final class RandomSchema {
    /** A type, and an expression that gives a random value of it. */
    private record Type(String name, String value) {}

    private static final List<Type> TYPES = List.of(
            new Type("int", "(random() * 1000)::int"),
            new Type("bigint", "(random() * 1e12)::bigint"),
            new Type("text", "'t\\\"'',' || md5(random()::text)"),
            new Type("text COLLATE \"C\"", "md5(random()::text)"),
            new Type("varchar(40)", "md5(random()::text)"),
            new Type("char(8)", "left(md5(random()::text), 5)"),
            new Type("numeric(12,4)", "(random() * 1000)::numeric(12,4)"),
            new Type("numeric", "random()::numeric"),
            new Type("double precision", "random() * 1e300"),
            new Type("boolean", "random() > 0.5"),
            new Type("uuid", "gen_random_uuid()"),
            new Type("date", "date '2020-01-01' + (random() * 3000)::int"),
            new Type("timestamptz", "timestamptz '2020-01-01' + random() * interval '1000 days'"),
            new Type("interval", "random() * interval '1000 days'"),
            new Type("bytea", "decode(md5(random()::text), 'hex')"),
            new Type("jsonb", "jsonb_build_object('k', md5(random()::text), 'n', random())"),
            new Type("json", "json_build_object('k', md5(random()::text))"),
            new Type("text[]", "ARRAY[md5(random()::text), NULL, 'a,b']"),
            new Type("int4range", "int4range((random() * 10)::int, 20 + (random() * 10)::int)"),
            new Type("point", "point(random(), random())"),
            new Type("mood", "(ARRAY['sad', 'ok', 'happy'])[1 + floor(random() * 3)::int]::mood"),
            new Type("mood[]", "ARRAY['sad', 'ok']::mood[]"),
            new Type("short", "left(md5(random()::text), 9)::short"),
            new Type("pair", "ROW((random() * 9)::int, 'p,q')::pair"));

    private static final List<Type> KEYS = List.of(
            new Type("int", "g"),
            new Type("bigint", "g * 1000000007::bigint"),
            new Type("uuid", "md5(g::text)::uuid"),
            new Type("text", "'k' || g"),
            new Type("short", "'k' || g"),
            new Type("timestamptz", "timestamptz '2020-01-01' + g * interval '1 hour'"),
            new Type("numeric", "g / 7.0"));

    private final Random random;
    final List<String> creation = new ArrayList<>();
    final List<Table> tables = new ArrayList<>();

    /** One table: what identifies a row, and all columns that do not. */
    record Table(String name, String key, List<String> columns) {}

    RandomSchema(long seed, int rows) {
        this.random = new Random(seed);
        creation.add("SELECT setseed(" + random.nextDouble() + ")");
        creation.add("CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')");
        creation.add("CREATE DOMAIN short AS varchar(40)");
        creation.add("CREATE TYPE pair AS (a int, b text)");
        creation.add("COMMENT ON TYPE mood IS 'how it is'");
        creation.add("CREATE FUNCTION noop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$");
        for (int i = 0; i < 3; i++) {
            table("t" + i, rows);
        }
    }

    private void table(String name, int rows) {
        List<String> definitions = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int k = 0; k <= random.nextInt(2); k++) {
            Type type = pick(KEYS);
            keys.add("k" + k);
            definitions.add("k" + k + " " + type.name);
            values.add(type.value);
        }
        definitions.add("PRIMARY KEY (" + String.join(", ", keys) + ")");
        List<String> columns = new ArrayList<>();
        List<Type> types = new ArrayList<>();
        for (int c = 0; c < 6; c++) {
            Type type = pick(TYPES);
            String column = c == 2 ? "\"Odd \"\"na,me\"" : "c" + c;
            boolean notNull = random.nextInt(3) == 0;
            String base = type.name.replaceAll(" COLLATE.*", "");
            definitions.add(column + " " + type.name + (notNull ? " NOT NULL" : "")
                    + (random.nextInt(4) == 0 && base.equals("int") ? " DEFAULT 7" : ""));
            values.add(notNull ? type.value : "CASE WHEN random() < 0.2 THEN NULL ELSE " + type.value + " END");
            columns.add(column);
            types.add(type);
        }
        creation.add("CREATE TABLE " + name + " (" + String.join(", ", definitions) + ")");
        if (rows > 0) {
            creation.add("INSERT INTO " + name + " SELECT " + String.join(", ", values) + " FROM generate_series(1, "
                    + rows + ") g");
        }
        tables.add(new Table(name, String.join(", ", keys), columns));
        decorate(name, columns, types);
    }

    private void decorate(String name, List<String> columns, List<Type> types) {
        if (random.nextBoolean()) {
            creation.add(
                    "ALTER TABLE " + name + " ADD COLUMN s serial, ADD COLUMN i int GENERATED BY DEFAULT AS IDENTITY");
            columns.addAll(List.of("s", "i"));
        }
        for (int c = 0; c < types.size(); c++) {
            String column = columns.get(c);
            boolean sortable = isSortable(types.get(c));
            if (sortable && random.nextInt(3) == 0) {
                creation.add("CREATE INDEX " + name + "_i" + c + " ON " + name + " (" + column + ")"
                        + (random.nextBoolean() ? " WHERE " + column + " IS NOT NULL" : ""));
            }
            if (random.nextInt(4) == 0) {
                creation.add("ALTER TABLE " + name + " ADD CONSTRAINT " + name + "_c" + c + " CHECK (length(" + column
                        + "::text) < 400)" + (random.nextInt(3) == 0 ? " NOT VALID" : ""));
            }
            if (random.nextInt(4) == 0) {
                creation.add("COMMENT ON COLUMN " + name + "." + column + " IS 'it''s \\ " + c + "'");
                creation.add("GRANT SELECT (" + column + "), UPDATE (" + column + ") ON " + name + " TO vault_reader");
            }
        }
        creation.add("GRANT SELECT ON " + name + " TO vault_reader");
        creation.add("CREATE TRIGGER " + name + "_noop BEFORE UPDATE OF c0 ON " + name
                + " FOR EACH ROW EXECUTE FUNCTION noop()");
        creation.add("CREATE VIEW " + name + "_view AS SELECT k0, c1 FROM " + name);
        creation.add("COMMENT ON VIEW " + name + "_view IS 'a view'");
        if (random.nextBoolean()) {
            creation.add("ALTER TABLE " + name + " OWNER TO vault_owner");
        }
        if (isSortable(types.get(3)) && isSortable(types.get(4))) {
            creation.add("CREATE STATISTICS " + name + "_stat ON c3, c4 FROM " + name);
        }
        if (random.nextBoolean()) {
            creation.add("CREATE POLICY " + name + "_policy ON " + name
                    + " FOR SELECT TO vault_reader USING (c0 IS NOT NULL)");
        }
    }

    /** Writes scripts that drop columns of the first table, things of the second, and the whole of the third. */
    void drop(Vault vault) {
        List<String> sql = tables.get(0).columns.stream()
                .filter(column -> random.nextBoolean())
                .map(column -> "ALTER TABLE t0 DROP COLUMN " + column + " CASCADE;")
                .toList();
        int half = sql.size() / 2;
        vault.script("V1__some.sql", String.join("\n", sql.subList(0, half)));
        vault.script(
                "V2__more.sql",
                String.join("\n", sql.subList(half, sql.size())) + "\nDROP TRIGGER t1_noop ON t1; DROP VIEW t1_view;");
        vault.script("V3__column.sql", "ALTER TABLE t2 DROP COLUMN c1 CASCADE; ALTER TABLE t1 DROP COLUMN c0 CASCADE;");
        vault.script("V4__table.sql", "DROP TABLE t2 CASCADE;");
        vault.script("V5__type.sql", "DROP TYPE mood CASCADE;");
    }

    private static boolean isSortable(Type type) {
        return !List.of("json", "point").contains(type.name);
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
