package io.pitstop.bench;

/**
 * One way to make a change.
 *
 * @param loaded true if an application works on the table meanwhile
 * @param isOfBars true if a bar is about it, so that it is worth more runs
 */
record Way(String name, boolean loaded, boolean isOfBars, Run work) {
    /** The change on a database that holds the table and nothing else. */
    interface Run {
        BenchRun.Work run(Change change, String database) throws Exception;
    }
}
