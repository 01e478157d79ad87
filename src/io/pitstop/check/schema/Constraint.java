package io.pitstop.check.schema;

import io.pitstop.check.grammar.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * A constraint of a table.
 *
 * @param columns of a key; of a CHECK or NOT NULL those that it proves to be not null
 * @param references the other table of a foreign key, else null
 * @param referenced its columns; empty for its primary key
 * @param validated true if all rows are known to keep it
 */
public record Constraint(
        String name, Kind kind, List<String> columns, Name references, List<String> referenced, boolean validated) {
    /** What it demands. */
    public enum Kind {
        PRIMARY_KEY,
        UNIQUE,
        FOREIGN_KEY,
        CHECK,
        NOT_NULL,
        EXCLUSION,
        OTHER
    }

    public Constraint {
        columns = List.copyOf(columns);
        referenced = List.copyOf(referenced);
    }

    /**
     * @param constraint a {@code Constraint} of a tree
     * @param column the column that it stands behind; empty if it stands on its own
     */
    static Constraint of(Node constraint, Name table, String column) {
        Kind kind = kind(constraint);
        List<String> own = column.isEmpty() ? List.of() : List.of(column);
        List<String> columns =
                switch (kind) {
                    case FOREIGN_KEY -> constraint.names("fk_attrs");
                    case CHECK -> provenNotNull(constraint.child("raw_expr"));
                    default -> constraint.names("keys");
                };
        if (columns.isEmpty() && kind != Kind.CHECK) {
            columns = own;
        }
        Name references = kind == Kind.FOREIGN_KEY ? Name.of(constraint.child("pktable")) : null;
        String name = constraint.text("conname");
        if (name.isEmpty()) {
            name = defaultName(kind, table, columns.isEmpty() ? own : columns);
        }
        return new Constraint(
                name, kind, columns, references, constraint.names("pk_attrs"), !constraint.flag("skip_validation"));
    }

    public static Kind kind(Node constraint) {
        return switch (constraint.text("contype")) {
            case "CONSTR_PRIMARY" -> Kind.PRIMARY_KEY;
            case "CONSTR_UNIQUE" -> Kind.UNIQUE;
            case "CONSTR_FOREIGN" -> Kind.FOREIGN_KEY;
            case "CONSTR_CHECK" -> Kind.CHECK;
            case "CONSTR_NOTNULL" -> Kind.NOT_NULL;
            case "CONSTR_EXCLUSION" -> Kind.EXCLUSION;
            default -> Kind.OTHER;
        };
    }

    boolean hasIndex() {
        return kind == Kind.PRIMARY_KEY || kind == Kind.UNIQUE;
    }

    Constraint validatedNow() {
        return new Constraint(name, kind, columns, references, referenced, true);
    }

    Constraint named(String now) {
        return new Constraint(now, kind, columns, references, referenced, validated);
    }

    /** The columns of {@code a IS NOT NULL AND b IS NOT NULL …}. */
    private static List<String> provenNotNull(Node expression) {
        List<String> columns = new ArrayList<>();
        if (expression.is("NullTest")
                && expression.text("nulltesttype").equals("IS_NOT_NULL")
                && expression.child("arg").is("ColumnRef")) {
            List<String> names = expression.child("arg").names("fields");
            columns.add(names.get(names.size() - 1));
        } else if (expression.text("boolop").equals("AND_EXPR")) {
            expression.children("args").forEach(each -> columns.addAll(provenNotNull(each)));
        }
        return columns;
    }

    /** As PostgreSQL names what has no name. */
    private static String defaultName(Kind kind, Name table, List<String> columns) {
        String suffix =
                switch (kind) {
                    case PRIMARY_KEY -> "pkey";
                    case UNIQUE -> "key";
                    case FOREIGN_KEY -> "fkey";
                    case NOT_NULL -> "not_null";
                    case EXCLUSION -> "excl";
                    case CHECK, OTHER -> "check";
                };
        String middle = kind == Kind.PRIMARY_KEY || columns.isEmpty() ? "" : String.join("_", columns) + "_";
        return table.name() + "_" + middle + suffix;
    }
}
