package io.pitstop.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pitstop.cli.output.Json;
import io.pitstop.config.MigrationsConfig;
import io.pitstop.config.PitstopConfig;
import io.pitstop.database.Database;
import io.pitstop.draft.Change;
import io.pitstop.draft.Draft;
import io.pitstop.draft.DraftFolders;
import io.pitstop.draft.table.Catalog;
import io.pitstop.draft.table.Definition;
import io.pitstop.draft.table.Identifier;
import io.pitstop.draft.table.Table;
import io.pitstop.error.InvalidConfig;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the drafts of all changes share: the table, and where the files go. */
@Command(sortOptions = false)
abstract class DraftChangeCommand extends ResultCommand {
    private static final Pattern NAME = Pattern.compile("(?:(\"[^\"]+\"|\\w+)\\.)?(\"[^\"]+\"|\\w+)");

    @Parameters(
            index = "0",
            paramLabel = "TABLE",
            description = "With its schema unless that is on the search path, in double quotes what SQL wants so.")
    private String table;

    @Option(
            names = "--columns",
            paramLabel = "COLUMNS",
            description = "The columns that matter, as in CREATE TABLE: \"name text NOT NULL, points int DEFAULT 0\"."
                    + " Default: asks the database that pitstop.yml names, which also tells indexes, foreign keys and"
                    + " triggers.")
    private String columns;

    @Option(
            names = "--key",
            paramLabel = "COLUMN",
            split = ",",
            defaultValue = "id",
            description = "The primary key, with --columns. Default: ${DEFAULT-VALUE}.")
    private List<String> key;

    @Option(
            names = "--version",
            paramLabel = "VERSION",
            description = "Version of the files. Default: the next whole number after those in the folders.")
    private String version;

    /** @param tables reads a table by its name */
    abstract Change change(Table table, Function<String, Table> tables);

    /** The columns of another table that matter, if the command line gives them. */
    String otherColumns() {
        return "id bigint";
    }

    @Override
    final ObjectNode run(Path config, Consumer<String> lines) {
        Draft draft = (columns == null
                        ? change(asked(config, table), name -> asked(config, name))
                        : change(
                                described(table, columns, key), name -> described(name, otherColumns(), List.of("id"))))
                .draft();
        MigrationsConfig folders = MigrationsConfig.load(config, System.getenv());
        List<Path> files = new DraftFolders(folders).write(draft, Optional.ofNullable(version));
        Path here = Path.of("").toAbsolutePath();
        List<String> names = files.stream()
                .map(file -> (file.startsWith(here) ? here.relativize(file) : file).toString())
                .toList();
        names.forEach(name -> lines.accept("  " + name));
        draft.losses().forEach(loss -> lines.accept("Loses: " + loss));
        draft.notes().forEach(note -> lines.accept("Note: " + note));
        String message = names.size() + " files are drafted. Read them, then run pitstop check.";
        lines.accept(message);
        ObjectNode outcome = Json.mapper().createObjectNode().put("message", message);
        outcome.set("files", Json.tree(names));
        outcome.set("losses", Json.tree(draft.losses()));
        outcome.set("notes", Json.tree(draft.notes()));
        return outcome;
    }

    /** A name as SQL reads it. */
    static String name(String written) {
        return Identifier.unquoted(written);
    }

    static List<String> names(List<String> written) {
        return written.stream().map(Identifier::unquoted).toList();
    }

    private static Table described(String name, String columns, List<String> key) {
        Matcher parts = parts(name);
        return Table.of(schema(parts), name(parts.group(2)), Definition.columns(columns), names(key));
    }

    private static Table asked(Path file, String name) {
        PitstopConfig config = PitstopConfig.load(file, System.getenv());
        Matcher parts = parts(name);
        Database database = Database.from(config.database(), config.application(), System.getenv());
        try (Connection session = database.connect("draft")) {
            return new Catalog(session).table(schema(parts), name(parts.group(2)));
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    private static String schema(Matcher parts) {
        return parts.group(1) == null ? "" : name(parts.group(1));
    }

    private static Matcher parts(String name) {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) {
            throw new InvalidConfig(
                    "The table is '" + name + "'.",
                    "Write a name, or schema.name, in double quotes where SQL wants them.");
        }
        return parts;
    }
}
