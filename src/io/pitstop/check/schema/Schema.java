package io.pitstop.check.schema;

import io.pitstop.check.script.Script;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is in the database when a statement runs, as far as the scripts before it tell. */
public final class Schema {
    private final Map<Name, Table> tables = new LinkedHashMap<>();
    private final Map<Name, Index> indexes = new LinkedHashMap<>();
    private final Map<String, Trigger> triggers = new LinkedHashMap<>();
    private final Map<String, Routine> routines = new HashMap<>();
    private final Map<String, Script> constrainedDomains = new HashMap<>();
    private final Map<Name, Script> others = new HashMap<>();
    private final List<Dropped> dropped = new ArrayList<>();
    private final List<Script> droppedForeignKeys = new ArrayList<>();

    public Optional<Table> table(Name name) {
        return Optional.ofNullable(tables.get(name));
    }

    public Optional<Column> column(Name table, String column) {
        return table(table).flatMap(found -> found.column(column));
    }

    public List<Table> tables() {
        return List.copyOf(tables.values());
    }

    public Optional<Index> index(Name name) {
        return Optional.ofNullable(indexes.get(name));
    }

    public List<Index> indexesOf(Name table) {
        return indexes.values().stream()
                .filter(index -> index.table().equals(table))
                .toList();
    }

    /** An index that is gone, and the script that dropped it. */
    public record Dropped(Index index, Script by) {}

    /** Indexes that scripts have dropped so far. */
    public List<Dropped> droppedIndexes() {
        return List.copyOf(dropped);
    }

    /** How many foreign keys a script has dropped so far. */
    public long foreignKeysDroppedBy(Script script) {
        return droppedForeignKeys.stream().filter(script::equals).count();
    }

    public List<Trigger> triggersOf(Name table) {
        return triggers.values().stream()
                .filter(trigger -> trigger.table().equals(table))
                .toList();
    }

    /** A function by its name, whatever its schema and arguments. */
    public Optional<Routine> routine(String name) {
        return Optional.ofNullable(routines.get(name));
    }

    /** True if a script gave the domain a constraint or NOT NULL. */
    public boolean isConstrainedDomain(String type) {
        return constrainedDomains.containsKey(type);
    }

    /** Who created a view, type, sequence or the like; empty if no script did. */
    public Optional<Script> creatorOf(Name object) {
        return Optional.ofNullable(others.get(object));
    }

    /** The foreign keys of other tables, and its own, that point to {@code table}. */
    public boolean isReferenced(Name table) {
        return tables.values().stream()
                .flatMap(each -> each.constraints().stream())
                .anyMatch(each -> table.equals(each.references()));
    }

    Table open(Name name) {
        return tables.computeIfAbsent(name, missing -> new Table(missing, null, false));
    }

    void put(Table table) {
        tables.put(table.name(), table);
    }

    void put(Index index) {
        indexes.put(index.name(), index);
    }

    void put(Trigger trigger) {
        triggers.put(trigger.table() + " " + trigger.name(), trigger);
    }

    void put(Routine routine) {
        routines.put(routine.name().name(), routine);
    }

    void putConstrainedDomain(String domain, Script script) {
        constrainedDomains.put(domain, script);
    }

    void putOther(Name object, Script script) {
        others.put(object, script);
    }

    void dropTable(Name name) {
        tables.remove(name);
        others.remove(name);
        indexes.values().removeIf(index -> index.table().equals(name));
        triggers.values().removeIf(trigger -> trigger.table().equals(name));
    }

    void dropIndex(Name name, Script script) {
        Index gone = indexes.remove(name);
        if (gone != null) {
            dropped.add(new Dropped(gone, script));
        }
    }

    void dropConstraint(Name table, String name, Script script) {
        Constraint gone = open(table).dropConstraint(name);
        if (gone != null && gone.kind() == Constraint.Kind.FOREIGN_KEY) {
            droppedForeignKeys.add(script);
        }
        dropIndex(table.sibling(name), script);
    }

    void dropIndexesWith(Name table, String column) {
        indexes.values()
                .removeIf(index -> index.table().equals(table) && index.keys().contains(column));
    }

    void dropTrigger(Name table, String name) {
        triggers.remove(table + " " + name);
    }

    void dropRoutine(String name) {
        routines.remove(name);
    }

    void dropOther(Name name) {
        others.remove(name);
    }

    void rename(Name table, Name now) {
        Table renamed = tables.remove(table);
        if (renamed != null) {
            put(renamed.renamed(now));
            indexesOf(table).forEach(index -> put(index.on(now)));
        }
    }

    void renameIndex(Name index, Name now) {
        Index renamed = indexes.remove(index);
        if (renamed != null) {
            put(renamed.named(now));
        }
    }
}
