package io.pitstop.check.rule;

import io.pitstop.check.grammar.Grammar;
import io.pitstop.check.grammar.Node;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.schema.Column;
import io.pitstop.check.schema.Name;
import io.pitstop.check.schema.Schema;
import io.pitstop.check.schema.Table;
import io.pitstop.check.script.Phase;
import io.pitstop.check.script.Script;
import java.util.List;
import java.util.stream.Stream;

/** A statement, or a script as a whole, and the world in which it runs. */
public final class Scene {
    private final World world;
    private final Script script;
    private final List<Statement> before;
    private final Statement statement;

    /** What all scenes of one check share. */
    record World(Schema schema, Schema end, Pending pending, ServerVersion server, Grammar grammar, List<Script> all) {}

    /**
     * @param before what the script ran before the statement
     * @param statement null for the script as a whole
     */
    Scene(World world, Script script, List<Statement> before, Statement statement) {
        this.world = world;
        this.script = script;
        this.before = before;
        this.statement = statement;
    }

    Statement statement() {
        return statement;
    }

    Node node() {
        return statement.node();
    }

    String kind() {
        return statement.kind();
    }

    Script script() {
        return script;
    }

    Phase phase() {
        return script.phase();
    }

    /** What the script ran before the statement. */
    List<Statement> before() {
        return before;
    }

    /** Before the statement. */
    Schema schema() {
        return world.schema();
    }

    /** When all scripts have run. */
    Schema end() {
        return world.end();
    }

    ServerVersion server() {
        return world.server();
    }

    Grammar grammar() {
        return world.grammar();
    }

    /** All scripts of the repository, judged or not, in the order in which they run. */
    List<Script> scripts() {
        return world.all();
    }

    Pending pending() {
        return world.pending();
    }

    /** True if applications may use the table: it was not created by the scripts that are applied with this one. */
    boolean isInUse(Name table) {
        return schema().table(table)
                .map(Table::createdBy)
                .orElseGet(() -> schema().creatorOf(table))
                .filter(creator -> pending().isNew(creator, script))
                .isEmpty();
    }

    /** True if applications may use the view, function, type or the like. */
    boolean isObjectInUse(Name object) {
        return schema().creatorOf(object)
                .filter(creator -> pending().isNew(creator, script))
                .isEmpty();
    }

    /** True if the column is older than this release, or if its origin is unknown. */
    boolean isInUse(Name table, String column) {
        boolean addedHere = alterations(statement)
                .anyMatch(add -> add.subtype().equals("AT_AddColumn")
                        && add.addedColumn().equals(column));
        return !addedHere
                && schema().column(table, column)
                        .map(Column::addedBy)
                        .filter(creator -> pending().isSameRelease(creator, script))
                        .isEmpty();
    }

    /** What the statement does to a table that is in use. */
    List<Alteration> alterations(String... subtypes) {
        return alterations(statement)
                .filter(alteration -> List.of(subtypes).contains(alteration.subtype()))
                .filter(alteration -> isInUse(alteration.table()))
                .toList();
    }

    static Stream<Alteration> alterations(Statement statement) {
        if (!statement.kind().equals("AlterTableStmt")
                || !statement.node().text("objtype").equals("OBJECT_TABLE")) {
            return Stream.empty();
        }
        Name table = Name.of(statement.node().child("relation"));
        return statement.node().children("cmds").stream().map(command -> new Alteration(table, command));
    }
}
