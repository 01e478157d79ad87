package io.pitstop.check.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A node of a statement's tree, with the names of PostgreSQL's parse nodes, such as {@code AlterTableStmt}.
 *
 * <p>A field that has its default is absent from the tree: then it reads as empty, 0 or false.
 */
public final class Node {
    private static final Node NONE = new Node("", com.fasterxml.jackson.databind.node.MissingNode.getInstance());

    private final String kind;
    private final JsonNode fields;

    private Node(String kind, JsonNode fields) {
        this.kind = kind;
        this.fields = fields;
    }

    /** Where any kind of node may stand, the tree says which it is by a field of that name around it. */
    static Node of(JsonNode json) {
        if (json.isObject() && json.size() == 1) {
            Map.Entry<String, JsonNode> only = json.properties().iterator().next();
            if (Character.isUpperCase(only.getKey().charAt(0))) {
                return new Node(only.getKey(), only.getValue());
            }
        }
        return json.isObject() ? new Node("", json) : NONE;
    }

    /** The kind of node; empty where only one kind can stand, as for the relation of a statement. */
    public String kind() {
        return kind;
    }

    public boolean is(String... kinds) {
        return List.of(kinds).contains(kind);
    }

    /** False for a field that is absent. */
    public boolean exists() {
        return !fields.isMissingNode();
    }

    public Node child(String field) {
        return of(fields.path(field));
    }

    public List<Node> children(String field) {
        List<Node> children = new ArrayList<>();
        fields.path(field).forEach(child -> children.add(of(child)));
        return children;
    }

    /** The nodes directly below, whatever their field. */
    public List<Node> children() {
        List<Node> children = new ArrayList<>();
        for (JsonNode field : fields) {
            if (field.isArray()) {
                field.forEach(item -> children.add(of(item)));
            } else if (field.isObject()) {
                children.add(of(field));
            }
        }
        return children;
    }

    /** The names in a list of them, such as the columns of a key. */
    public List<String> names(String field) {
        return children(field).stream().map(Node::name).toList();
    }

    /** The text of a name or literal: {@code String}, or the first text inside of an {@code A_Const}. */
    public String name() {
        return fields.path("sval").isObject() ? fields.path("sval").path("sval").asText() : text("sval");
    }

    public String text(String field) {
        return fields.path(field).asText("");
    }

    public boolean flag(String field) {
        return fields.path(field).asBoolean(false);
    }

    public int number(String field) {
        return fields.path(field).asInt(0);
    }

    /** Where the node begins, in bytes from the start of the text; negative if the tree does not say. */
    public int location() {
        return fields.path("location").asInt(-1);
    }

    /** All nodes of a kind, this one and those at any depth below it. */
    public Stream<Node> all(String wanted) {
        List<Node> found = new ArrayList<>();
        visit(node -> {
            if (node.is(wanted)) {
                found.add(node);
            }
        });
        return found.stream();
    }

    /** True if any literal below is {@code text}. */
    public boolean mentions(String text) {
        boolean[] found = {false};
        visit(node -> found[0] |= node.name().contains(text));
        return found[0];
    }

    private void visit(Consumer<Node> visitor) {
        visitor.accept(this);
        children().forEach(child -> child.visit(visitor));
    }

    /** The tree as JSON. */
    @Override
    public String toString() {
        return kind + fields;
    }
}
