package io.pitstop.draft.table;

import static java.util.stream.Collectors.joining;

import io.pitstop.error.InvalidConfig;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * A table as it is before the change.
 *
 * @param schema empty if it is found by the search path
 * @param key columns of its primary key, at least one
 * @param triggers names of those that act on rows before they are written
 * @param grants as SQL writes them, {@code SELECT ON %s TO reader} say, with %s for the table
 */
public record Table(
        String schema,
        String name,
        List<Column> columns,
        List<String> key,
        List<String> triggers,
        List<Index> indexes,
        List<Binding> bindings,
        List<String> grants) {
    public Table {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        triggers = List.copyOf(triggers);
        indexes = List.copyOf(indexes);
        bindings = List.copyOf(bindings);
        grants = List.copyOf(grants);
        if (key.isEmpty()) {
            throw new InvalidConfig(
                    "Table " + name + " has no primary key.", "Give it one first: a backfill walks along it.");
        }
        Stream.concat(Stream.of(schema, name), key.stream())
                .filter(word -> word.chars().anyMatch(Character::isWhitespace))
                .findFirst()
                .ifPresent(word -> {
                    throw new InvalidConfig(
                            "The name \"" + word + "\" has a space in it.",
                            "Write this change by hand: the head of a backfill cannot name it.");
                });
    }

    /**
     * The columns that a backfill walks along, as its header names them, without quotes: all of the key, since any number
     * of rows may share the first column.
     */
    public String walkedKey() {
        return String.join(",", key);
    }

    /**
     * The condition that keeps a statement to the rows of its batch.
     *
     * @param alias of this table in the statement; empty if it has none
     */
    public String batch(String alias) {
        if (key.size() > 1) {
            return alias.isEmpty() ? ":batch" : ":batch(" + alias + ")";
        }
        return (alias.isEmpty() ? "" : alias + ".") + Identifier.quoted(key.get(0)) + " BETWEEN :from AND :to";
    }

    /**
     * The key of a row as one value.
     *
     * @param alias of this table in the statement; empty if it has none
     */
    public String keyOf(String alias) {
        String prefix = alias.isEmpty() ? "" : alias + ".";
        String columns =
                key.stream().map(column -> prefix + Identifier.quoted(column)).collect(joining(", "));
        return key.size() > 1 ? "(" + columns + ")" : columns;
    }

    /** One of which only columns and key are known. */
    public static Table of(String schema, String name, List<Column> columns, List<String> key) {
        return new Table(schema, name, columns, key, List.of(), List.of(), List.of(), List.of());
    }

    /** @throws InvalidConfig if there is none of this name */
    public Column column(String wanted) {
        return columns.stream()
                .filter(column -> column.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new InvalidConfig(
                        "Table " + name + " has no column " + wanted + ".",
                        "Name one of "
                                + String.join(
                                        ", ", columns.stream().map(Column::name).toList()) + "."));
    }

    /** The table, written for SQL. */
    public String sql() {
        return sibling(name);
    }

    /** Something with a name in the same schema, written for SQL. */
    public String sibling(String other) {
        return schema.isEmpty() ? Identifier.quoted(other) : Identifier.quoted(schema) + "." + Identifier.quoted(other);
    }

    /** A name for a trigger that runs after all others, as triggers run in the order of their names. */
    public String lastTrigger(String what) {
        String candidate = Identifier.of("zz", what);
        for (int more = 0; more < 10 && isBefore(candidate); more++) {
            candidate = Identifier.of("z" + candidate);
        }
        if (isBefore(candidate)) {
            throw new InvalidConfig(
                    "Table " + name + " has a trigger that sorts behind every name with z: " + triggers + ".",
                    "Rename it first, so that the trigger of the dual write can run after it.");
        }
        return candidate;
    }

    /** @throws InvalidConfig if one of these columns cannot be written by a trigger, or is a part of the primary key */
    public void requireOrdinary(Collection<String> names) {
        for (String each : names) {
            if (column(each).computed()) {
                throw new InvalidConfig(
                        "PostgreSQL itself gives " + name + "." + each + " its value.",
                        "Drop its GENERATED clause first, or write this change by hand.");
            }
            if (key.contains(each)) {
                throw new InvalidConfig(
                        name + "." + each + " is a part of the primary key.",
                        "Write this change by hand: what points to the key has to move with it.");
            }
            bindings.stream()
                    .filter(binding -> binding.kind() == Binding.Kind.INCOMING)
                    .filter(binding -> binding.columns().contains(each))
                    .findFirst()
                    .ifPresent(binding -> {
                        throw new InvalidConfig(
                                "The foreign key " + binding.name() + " of " + binding.table() + " points to " + name
                                        + "." + each + ".",
                                "Move that foreign key to another column first.");
                    });
        }
    }

    /** @throws InvalidConfig if the table has a column of this name already */
    public void requireNew(Collection<String> names) {
        for (String each : names) {
            if (columns.stream().anyMatch(column -> column.name().equals(each))) {
                throw new InvalidConfig(
                        "Table " + name + " has a column " + each + " already.",
                        "Choose another name for the new one.");
            }
        }
    }

    /** Names what has to go before these columns can be dropped. */
    public List<String> obstacles(Collection<String> names) {
        return bindings.stream()
                .filter(binding -> binding.kind() == Binding.Kind.DEPENDENT
                        && names.contains(binding.columns().get(0)))
                .map(binding -> "Contract fails as long as " + binding.definition() + " names " + name + "."
                        + binding.columns().get(0)
                        + ": let it do without the column, or drop it in a script of contract"
                        + " before.")
                .toList();
    }

    /** Names the triggers whose work a dual write of these columns may miss. */
    public List<String> forerunners(Collection<String> names) {
        return triggers.stream()
                .map(
                        trigger -> "Trigger " + trigger + " acts on rows of " + name
                                + " first, and for the backfill too. If it sets "
                                + String.join(" or ", names)
                                + ", have it ask for pitstop.backfill as the drafted one does, and leave"
                                + " \"OF …\" out of CREATE TRIGGER: an UPDATE that names another column would not reach the other side.")
                .toList();
    }

    private boolean isBefore(String candidate) {
        return triggers.stream().anyMatch(trigger -> trigger.compareTo(candidate) >= 0);
    }
}
