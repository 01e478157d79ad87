package io.pitstop.check.schema;

import io.pitstop.check.script.Script;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A table as far as the scripts tell; one that no script creates has only what they add to it. */
public final class Table {
    private final Name name;
    private final Script createdBy;
    private final boolean partitioned;
    private final Map<String, Column> columns = new LinkedHashMap<>();
    private final Map<String, Constraint> constraints = new LinkedHashMap<>();

    /** @param createdBy null if no script creates it */
    Table(Name name, Script createdBy, boolean partitioned) {
        this.name = name;
        this.createdBy = createdBy;
        this.partitioned = partitioned;
    }

    public Name name() {
        return name;
    }

    /** Empty if no script creates it. */
    public Optional<Script> createdBy() {
        return Optional.ofNullable(createdBy);
    }

    public boolean isPartitioned() {
        return partitioned;
    }

    public Optional<Column> column(String column) {
        return Optional.ofNullable(columns.get(column));
    }

    public Collection<Column> columns() {
        return List.copyOf(columns.values());
    }

    public Optional<Constraint> constraint(String constraint) {
        return Optional.ofNullable(constraints.get(constraint));
    }

    public Collection<Constraint> constraints() {
        return List.copyOf(constraints.values());
    }

    /** True if a constraint that all rows are known to keep says so. */
    public boolean isProvenNotNull(String column) {
        return column(column).filter(Column::notNull).isPresent()
                || constraints.values().stream()
                        .anyMatch(each -> each.validated()
                                && (each.kind() == Constraint.Kind.CHECK || each.kind() == Constraint.Kind.NOT_NULL)
                                && each.columns().contains(column));
    }

    void put(Column column) {
        columns.put(column.name(), column);
    }

    void put(Constraint constraint) {
        constraints.put(constraint.name(), constraint);
        if (constraint.kind() == Constraint.Kind.PRIMARY_KEY
                || constraint.kind() == Constraint.Kind.NOT_NULL && constraint.validated()) {
            constraint.columns().forEach(column -> change(column, each -> each.notNull(true)));
        }
    }

    void change(String column, UnaryOperator<Column> change) {
        Column now = columns.getOrDefault(column, new Column(column, Type.UNKNOWN, false, false, null));
        put(change.apply(now));
    }

    void dropColumn(String column) {
        columns.remove(column);
        constraints.values().removeIf(each -> each.columns().contains(column));
    }

    /** @return null if there is none that is known */
    Constraint dropConstraint(String constraint) {
        return constraints.remove(constraint);
    }

    void validate(String constraint) {
        Constraint validated = constraints.get(constraint);
        if (validated != null) {
            put(validated.validatedNow());
        }
    }

    void rename(String column, String now) {
        List<Column> all = new ArrayList<>(columns.values());
        columns.clear();
        all.forEach(each -> put(each.name().equals(column) ? each.named(now) : each));
    }

    void renameConstraint(String constraint, String now) {
        Constraint renamed = constraints.remove(constraint);
        if (renamed != null) {
            put(renamed.named(now));
        }
    }

    Table renamed(Name now) {
        Table other = new Table(now, createdBy, partitioned);
        other.columns.putAll(columns);
        other.constraints.putAll(constraints);
        return other;
    }
}
