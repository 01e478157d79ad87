package io.pitstop.step;

import static java.util.stream.Collectors.joining;

import io.pitstop.archive.Drop;
import io.pitstop.archive.Dropped;
import io.pitstop.check.grammar.Block;
import io.pitstop.check.grammar.Grammar;
import io.pitstop.check.grammar.Mistake;
import io.pitstop.check.grammar.Node;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.script.Phase;
import io.pitstop.check.script.Script;
import io.pitstop.check.script.ScriptFile;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Reads by PostgreSQL's own grammar what the scripts of contract drop. */
public final class ContractDrops implements Dropped {
    /** What the grammar calls otherwise than {@code pg_get_object_address} does. */
    private static final Map<String, String> TYPES = Map.of(
            "OBJECT_MATVIEW", "materialized view",
            "OBJECT_STATISTIC_EXT", "statistics object",
            "OBJECT_DOMAIN", "type",
            "OBJECT_FDW", "foreign-data wrapper",
            "OBJECT_FOREIGN_SERVER", "server",
            "OBJECT_OPCLASS", "operator class",
            "OBJECT_OPFAMILY", "operator family");

    private final Supplier<Grammar> grammar;
    private Grammar loaded;

    /** @param grammar takes half a second to load, so it is asked for when there is something to read */
    public ContractDrops(Supplier<Grammar> grammar) {
        this.grammar = grammar;
    }

    @Override
    public List<Drop> by(Path script) {
        if (loaded == null) {
            loaded = grammar.get();
        }
        Script read = Script.read(new ScriptFile(script, Phase.CONTRACT, Optional.empty(), true), loaded);
        for (Mistake mistake : read.mistakes()) {
            throw new InvalidConfig(
                    script + ":" + mistake.line() + ": " + mistake.message() + ".",
                    "Correct the script, then run the step again.");
        }
        return read.statements().stream()
                .flatMap(statement -> drops(script, statement))
                .toList();
    }

    private Stream<Drop> drops(Path script, Statement statement) {
        Node node = statement.node();
        return switch (statement.kind()) {
            case "DropStmt" -> node.children("objects").stream().map(object -> dropped(node, object, statement.line()));
            case "AlterTableStmt" -> node.children("cmds").stream()
                    .flatMap(command -> altered(node, command, statement.line(command)));
            case "DoStmt" -> inBlock(script, statement);
            case "CallStmt", "ExecuteStmt", "DropOwnedStmt" -> throw refused(
                    script, statement, "Nobody can see here what it drops");
            case "TruncateStmt" -> throw refused(script, statement, "It empties tables without dropping them");
            default -> Stream.empty();
        };
    }

    private Stream<Drop> inBlock(Path script, Statement statement) {
        Block block = loaded.block(statement);
        if (!block.complete()) {
            throw refused(script, statement, "It composes statements, so nobody can see here what it drops");
        }
        return block.statements().stream().flatMap(inner -> drops(script, inner));
    }

    private static Drop dropped(Node statement, Node object, int line) {
        String kind = statement.text("removeType");
        String type = TYPES.getOrDefault(
                kind, kind.replaceFirst("^OBJECT_", "").replace('_', ' ').toLowerCase(Locale.ROOT));
        boolean cascade = isCascade(statement);
        boolean ifExists = statement.flag("missing_ok");
        if (object.is("ObjectWithArgs")) {
            List<String> arguments =
                    object.children("objargs").stream().map(ContractDrops::type).toList();
            boolean any = object.flag("args_unspecified");
            return new Drop(type, object.names("objname"), arguments, any, cascade, ifExists, line);
        }
        List<String> name =
                switch (object.kind()) {
                    case "TypeName" -> List.of(type(object));
                    case "List" -> object.names("items");
                    default -> List.of(object.name());
                };
        return new Drop(type, name, List.of(), false, cascade, ifExists, line);
    }

    private static Stream<Drop> altered(Node statement, Node command, int line) {
        String type =
                switch (command.text("subtype")) {
                    case "AT_DropColumn" -> "table column";
                    case "AT_DropConstraint" -> "table constraint";
                    case "AT_ColumnDefault" -> command.child("def").exists() ? "" : "default value";
                    default -> "";
                };
        if (type.isEmpty()) {
            return Stream.empty();
        }
        Node relation = statement.child("relation");
        List<String> name = new ArrayList<>();
        if (!relation.text("schemaname").isEmpty()) {
            name.add(relation.text("schemaname"));
        }
        name.add(relation.text("relname"));
        name.add(command.text("name"));
        // A column without a default may be told to drop it.
        boolean mayBeAbsent =
                command.flag("missing_ok") || statement.flag("missing_ok") || type.equals("default value");
        return Stream.of(new Drop(type, name, List.of(), false, isCascade(command), mayBeAbsent, line));
    }

    private static boolean isCascade(Node node) {
        return node.text("behavior").equals("DROP_CASCADE");
    }

    private static String type(Node typeName) {
        String name = typeName.names("names").stream()
                .map(part -> '"' + part.replace("\"", "\"\"") + '"')
                .collect(joining("."));
        return name + "[]".repeat(typeName.children("arrayBounds").size());
    }

    private static MoveRefused refused(Path script, Statement statement, String why) {
        String text = statement.text().replaceAll("\\s+", " ");
        return new MoveRefused(
                script + ":" + statement.line() + ": " + why + ", and contract archives what it drops: "
                        + (text.length() > 80 ? text.substring(0, 80) + "…" : text),
                "Write it as plain DROP and ALTER TABLE statements, or begin the script with"
                        + " \"-- pitstop:unarchived because …\".");
    }
}
