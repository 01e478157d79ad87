package io.pitstop.draft;

import io.pitstop.draft.sql.Template;
import java.util.ArrayList;
import java.util.List;

/**
 * The SQL of one change.
 *
 * @param scripts in the order in which they run within their phase
 * @param losses what a way between the two versions cannot keep; empty if both ways keep all
 * @param notes what the team has to see to itself
 */
public record Draft(List<Script> scripts, List<String> losses, List<String> notes) {
    public Draft {
        scripts = List.copyOf(scripts);
        losses = List.copyOf(losses);
        notes = List.copyOf(notes);
    }

    /** @param what the change in a few words, joined by underscores; a part of the file's name */
    public record Script(Phase phase, String what, String sql) {
        public Script {
            sql = sql.stripTrailing() + "\n";
        }
    }

    /** The scripts of a phase. */
    public List<Script> of(Phase phase) {
        return scripts.stream().filter(script -> script.phase() == phase).toList();
    }

    /** Collects a draft. */
    public static final class Builder {
        private final List<Script> scripts = new ArrayList<>();
        private final List<String> losses = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();

        public Builder script(Phase phase, String what, String sql) {
            scripts.add(new Script(phase, what, sql));
            return this;
        }

        public Builder scripts(List<Script> more) {
            scripts.addAll(more);
            return this;
        }

        public Builder loss(String what) {
            losses.add(what);
            return this;
        }

        public Builder note(String what) {
            notes.add(what);
            return this;
        }

        public Draft build() {
            if (!scripts.isEmpty()) {
                scripts.set(0, told(scripts.get(0)));
            }
            return new Draft(scripts, losses, notes);
        }

        /** The first script also says what is lost and what is to be seen to, after the comment that it begins with. */
        private Script told(Script script) {
            List<String> lines = new ArrayList<>(script.sql().lines().toList());
            int end = 0;
            while (end < lines.size()
                    && lines.get(end).startsWith("--")
                    && !lines.get(end).contains("pitstop:allow")) {
                end++;
            }
            List<String> words = new ArrayList<>();
            if (!script.sql().contains("-- Loses: ")) {
                losses.forEach(loss -> words.add("--\n" + Template.comment("Loses: " + loss)));
            }
            notes.forEach(note -> words.add("--\n" + Template.comment("Note: " + note)));
            lines.addAll(end, words);
            return new Script(script.phase(), script.what(), String.join("\n", lines));
        }
    }
}
