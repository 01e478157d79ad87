package io.pitstop.draft;

import io.pitstop.draft.Writers.Application;
import io.pitstop.draft.Writers.Write;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * One version's statements against a table with columns id, note and some of its own; the values are literals.
 *
 * @param columns that the version knows
 * @param values for each of them, to choose from
 */
record TwoVersions(String table, List<String> columns, List<List<String>> values) implements Application {
    /** Both at random. */
    static Application of(Application one, Application other) {
        return (random, id) -> (random.nextBoolean() ? one : other).write(random, id);
    }

    @Override
    public Write write(Random random, long id) {
        List<String> chosen = values.stream()
                .map(each -> each.get(random.nextInt(each.size())))
                .toList();
        String row = " FROM " + table + " WHERE id = " + id;
        String names = String.join(", ", columns);
        String upsert = "INSERT INTO " + table + " (id, note, " + names + ") VALUES (" + id + ", 'n', "
                + String.join(", ", chosen) + ") ON CONFLICT (id) DO UPDATE SET "
                + columns.stream()
                        .map(column -> column + " = EXCLUDED." + column)
                        .collect(Collectors.joining(", "));
        int one = random.nextInt(columns.size());
        return switch (random.nextInt(7)) {
            case 0, 1, 2 -> new Write(upsert, proof(columns, chosen) + row);
            case 3 -> new Write(
                    "UPDATE " + table + " SET " + columns.get(one) + " = " + chosen.get(one) + " WHERE id = " + id,
                    proof(List.of(columns.get(one)), List.of(chosen.get(one))) + row);
            case 4 -> new Write("DELETE FROM " + table + " WHERE id = " + id, "SELECT count(*) = 0" + row);
            case 5 -> moved(id, columns.get(one) + " = " + chosen.get(one), columns.get(one), chosen.get(one));
            default -> new Write(
                    "UPDATE " + table + " SET note = 'm', id = id WHERE id = " + id, "SELECT note = 'm'" + row);
        };
    }

    /** The row gets another key, unless it is one that several sessions write to, or the key is taken. */
    private Write moved(long id, String setting, String column, String value) {
        long other = id + (id > Writers.SHARED ? 100_000 : 0);
        return new Write(
                "UPDATE " + table + " SET id = " + other + ", " + setting + " WHERE id = " + id + " AND (id = " + other
                        + " OR NOT EXISTS (SELECT FROM " + table + " WHERE id = " + other + "))",
                proof(List.of(column), List.of(value)) + " FROM " + table + " WHERE id = " + other);
    }

    private static String proof(List<String> columns, List<String> values) {
        StringBuilder proof = new StringBuilder("SELECT true");
        for (int i = 0; i < columns.size(); i++) {
            proof.append(" AND ")
                    .append(columns.get(i))
                    .append(" IS NOT DISTINCT FROM ")
                    .append(values.get(i));
        }
        return proof.toString();
    }
}
