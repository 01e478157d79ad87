package io.pitstop.cli;

import io.pitstop.draft.Change;
import io.pitstop.draft.ExtractTable;
import io.pitstop.draft.table.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
}
