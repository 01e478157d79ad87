package io.pitstop.cli;

import io.pitstop.draft.AddForeignKey;
import io.pitstop.draft.Change;
import io.pitstop.draft.DropTable;
import io.pitstop.draft.ExtractTable;
import io.pitstop.draft.MoveColumn;
import io.pitstop.draft.RenameTable;
import io.pitstop.draft.table.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes that concern two tables, or a whole one. */
final class DraftTables {
    private DraftTables() {}

    @Command(name = "extract-table", description = "Move columns into a table of their own, one row for each identity.")
    static final class Extract extends DraftChangeCommand {
        @Option(
                names = "--move",
                paramLabel = "COLUMN=NAME",
                split = ",",
                required = true,
                description = "Columns, each with its name in the new table: author_name=name,author_email=email.")
        private Map<String, String> move;

        @Option(
                names = "--by",
                paramLabel = "COLUMN",
                split = ",",
                required = true,
                description = "Which of them tell one row of the new table from another.")
        private List<String> by;

        @Option(names = "--into", paramLabel = "TABLE", required = true, description = "The new table.")
        private String into;

        @Option(
                names = "--reference",
                paramLabel = "NAME",
                required = true,
                description = "The new column that points to it, such as author_id.")
        private String reference;

        @Override
        Change change(Table table, Function<String, Table> tables) {
            Map<String, String> columns = new LinkedHashMap<>();
            move.forEach((old, fresh) -> columns.put(name(old), name(fresh)));
            return new ExtractTable(table, columns, names(by), name(into), name(reference));
        }
    }

    @Command(name = "rename-table", description = "Give a table another name; the old one stays as a view.")
    static final class Rename extends DraftChangeCommand {
        @Parameters(index = "1", paramLabel = "NAME")
        private String to;

        @Override
        Change change(Table table, Function<String, Table> tables) {
            return new RenameTable(table, name(to));
        }
    }

    @Command(name = "move-column", description = "Move a column to another table that has one row for each of this.")
    static final class Move extends DraftChangeCommand {
        @Parameters(index = "1", paramLabel = "COLUMN")
        private String column;

        @Option(names = "--to", paramLabel = "TABLE", required = true, description = "The other table.")
        private String target;

        @Option(
                names = "--link",
                paramLabel = "COLUMN",
                required = true,
                description = "Its column that holds the primary key of this table.")
        private String link;

        @Option(names = "--as", paramLabel = "NAME", description = "Name of the column there. Default: the same.")
        private String as;

        @Option(
                names = "--other-columns",
                paramLabel = "COLUMNS",
                description = "With --columns: those of the other table, whose primary key has to be id.")
        private String otherColumns;

        @Override
        String otherColumns() {
            return otherColumns == null ? super.otherColumns() : otherColumns;
        }

        @Override
        Change change(Table table, Function<String, Table> tables) {
            String to = as == null ? column : as;
            return new MoveColumn(table, name(column), tables.apply(target), name(link), name(to));
        }
    }

    @Command(name = "add-foreign-key", description = "Let a column point to rows of another table.")
    static final class ForeignKey extends DraftChangeCommand {
        @Parameters(index = "1", paramLabel = "COLUMN")
        private String column;

        @Option(names = "--references", paramLabel = "TABLE", required = true, description = "The other table.")
        private String references;

        @Option(
                names = "--referenced-key",
                paramLabel = "COLUMN",
                defaultValue = "id",
                description = "Its column. Default: ${DEFAULT-VALUE}.")
        private String referencedKey;

        @Override
        Change change(Table table, Function<String, Table> tables) {
            return new AddForeignKey(table, name(column), tables.apply(references), name(referencedKey));
        }
    }

    @Command(name = "drop-table", description = "Drop a table that version 2 does not know.")
    static final class Drop extends DraftChangeCommand {
        @Override
        Change change(Table table, Function<String, Table> tables) {
            return new DropTable(table);
        }
    }
}
