package io.pitstop.cli;

import io.pitstop.draft.AddNotNull;
import io.pitstop.draft.AddUnique;
import io.pitstop.draft.Change;
import io.pitstop.draft.ChangeType;
import io.pitstop.draft.DropColumn;
import io.pitstop.draft.MergeColumns;
import io.pitstop.draft.RenameColumn;
import io.pitstop.draft.SplitColumn;
import io.pitstop.draft.table.Table;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes of columns whose new ones are in the same table. */
final class DraftColumns {
    private DraftColumns() {}

    @Command(name = "rename-column", description = "Give a column another name.")
    static final class Rename extends DraftChangeCommand {
        @Parameters(index = "1", paramLabel = "COLUMN")
        private String column;

        @Parameters(index = "2", paramLabel = "NAME")
        private String to;

        @Override
        Change change(Table table, Function<String, Table> tables) {
            return new RenameColumn(table, name(column), name(to));
        }
    }

    @Command(name = "split-column", description = "Split a column of text into several.")
    static final class Split extends DraftChangeCommand {
        @Parameters(index = "1", paramLabel = "COLUMN")
        private String column;

        @Option(
                names = "--into",
                paramLabel = "NAME",
                split = ",",
                required = true,
                description = "The new columns; the last one gets what is left.")
        private List<String> into;

        @Option(
                names = "--separator",
                paramLabel = "TEXT",
                defaultValue = " ",
                description = "What stands between the pieces. Default: a space.")
        private String separator;

        @Override
        Change change(Table table, Function<String, Table> tables) {
            return new SplitColumn(table, name(column), names(into), separator);
        }
    }

    @Command(name = "merge-columns", description = "Join several columns of text into one.")
    static final class Merge extends DraftChangeCommand {
        @Parameters(index = "1", paramLabel = "COLUMN", arity = "2..*")
        private List<String> columns;

        @Option(names = "--into", paramLabel = "NAME", required = true, description = "The new column.")
        private String into;

        @Option(
                names = "--separator",
                paramLabel = "TEXT",
                defaultValue = " ",
                description = "What stands between the pieces. Default: a space.")
        private String separator;

        @Override
        Change change(Table table, Function<String, Table> tables) {
            return new MergeColumns(table, names(columns), name(into), separator);
        }
    }

    @Command(name = "change-type", description = "Give a column another type, under a name of its own.")
    static final class Type extends DraftChangeCommand {
        @Parameters(index = "1", paramLabel = "COLUMN")
        private String column;

        @Parameters(index = "2", paramLabel = "TYPE")
        private String type;

        @Option(names = "--into", paramLabel = "NAME", required = true, description = "The new column.")
        private String into;

        @Option(
                names = "--using",
                paramLabel = "SQL",
                description = "The new value as an expression over the old column. Default: a cast.")
        private String using;

        @Option(
                names = "--back",
                paramLabel = "SQL",
                description = "The old value as an expression over the new column. Default: a cast.")
        private String back;

        @Override
        Change change(Table table, Function<String, Table> tables) {
            return new ChangeType(
                    table, name(column), type, name(into), Optional.ofNullable(using), Optional.ofNullable(back));
        }
    }

    @Command(name = "add-not-null", description = "Demand a value of a column.")
    static final class NotNull extends DraftChangeCommand {
        @Parameters(index = "1", paramLabel = "COLUMN")
        private String column;

        @Option(
                names = "--fill",
                paramLabel = "SQL",
                description =
                        "What stands in for a missing value. Default: nothing; no version leaves it empty any more.")
        private String fill;

        @Override
        Change change(Table table, Function<String, Table> tables) {
            return new AddNotNull(table, name(column), Optional.ofNullable(fill));
        }
    }

    @Command(name = "add-unique", description = "Let no two rows have the same values in some columns.")
    static final class Unique extends DraftChangeCommand {
        @Parameters(index = "1", paramLabel = "COLUMN", arity = "1..*")
        private List<String> columns;

        @Override
        Change change(Table table, Function<String, Table> tables) {
            return new AddUnique(table, names(columns));
        }
    }

    @Command(name = "drop-column", description = "Drop a column that version 2 does not know.")
    static final class Drop extends DraftChangeCommand {
        @Parameters(index = "1", paramLabel = "COLUMN")
        private String column;

        @Option(
                names = "--fill",
                paramLabel = "SQL",
                description = "What version 1 finds in rows of version 2; needed if the column is NOT NULL without a"
                        + " default.")
        private String fill;

        @Override
        Change change(Table table, Function<String, Table> tables) {
            return new DropColumn(table, name(column), Optional.ofNullable(fill));
        }
    }
}
