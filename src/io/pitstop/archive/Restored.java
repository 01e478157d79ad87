package io.pitstop.archive;

import java.util.List;

/**
 * What is back of what a contract dropped.
 *
 * @param objects made again, as people know them
 * @param rows that have their archived values again, or are there again
 * @param changed of these, rows that were written between the drop and the restore: what is back may be older than what
 *     other columns say
 * @param unknown rows that were inserted since the drop: nobody ever knew their values
 * @param problems what is not back, or not as it was, and why
 */
public record Restored(List<String> objects, long rows, long changed, long unknown, List<Problem> problems) {
    public Restored {
        objects = List.copyOf(objects);
        problems = List.copyOf(problems);
    }

    /**
     * Something that is not back, or not as it was.
     *
     * @param sql what a person may run instead; empty if there is nothing
     */
    public record Problem(String object, String reason, String sql) {}

    /** True if everything is as it was when it was dropped. */
    public boolean isComplete() {
        return problems.isEmpty() && unknown == 0;
    }
}
