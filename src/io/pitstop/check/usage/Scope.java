package io.pitstop.check.usage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The names that FROM brings into a query, and those of the query around it. */
final class Scope {
    private final Optional<Scope> outer;
    private final Set<String> queries;
    private final List<Item> items = new ArrayList<>();

    /** @param queries names that WITH gives, which hide relations */
    Scope(Optional<Scope> outer, Set<String> queries) {
        this.outer = outer;
        this.queries = Set.copyOf(queries);
    }

    /**
     * One item of FROM.
     *
     * @param table empty if it is no relation, such as a subquery
     */
    record Item(String name, Optional<Table> table) {}

    /** A relation as the statement names it. */
    record Table(String schema, String name) {}

    Optional<Scope> outer() {
        return outer;
    }

    Set<String> queries() {
        return queries;
    }

    void add(String name, Optional<Table> table) {
        items.add(new Item(name, table));
    }

    List<Table> tables() {
        return items.stream().flatMap(item -> item.table().stream()).toList();
    }

    /** The item of that name, here or around; empty if there is none. */
    Optional<Item> find(String name) {
        Optional<Item> here =
                items.stream().filter(item -> item.name().equals(name)).findFirst();
        return here.isPresent() ? here : outer.flatMap(around -> around.find(name));
    }
}
