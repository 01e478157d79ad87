package io.pitstop.draft;

import io.pitstop.draft.table.Binding;
import io.pitstop.draft.table.Identifier;
import io.pitstop.draft.table.Table;

/** Drops a table that version 2 does not know: its foreign keys first, each alone. */
public record DropTable(Table table) implements Change {
    @Override
    public Draft draft() {
        Draft.Builder draft = new Draft.Builder();
        for (Binding binding : table.bindings()) {
            boolean incoming = binding.kind() == Binding.Kind.INCOMING;
            if (incoming || binding.kind() == Binding.Kind.FOREIGN_KEY) {
                draft.script(
                        Phase.CONTRACT,
                        Identifier.of("drop", binding.name()),
                        "-- Locks both tables, and for that moment only these two.\nALTER TABLE "
                                + (incoming ? binding.table() : table.sql()) + " DROP CONSTRAINT "
                                + Identifier.quoted(binding.name()) + ";");
            }
            if (incoming) {
                draft.note(binding.table() + " points to the table by " + binding.name()
                        + ", which goes first: see that no version needs it.");
            }
        }
        return draft.script(
                        Phase.CONTRACT,
                        Identifier.of("drop", table.name()),
                        "-- Contract: version 1 is gone and nobody uses the table any more.\nDROP TABLE " + table.sql()
                                + ";")
                .build();
    }
}
