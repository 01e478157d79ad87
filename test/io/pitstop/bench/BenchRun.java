package io.pitstop.bench;

/**
 * One way to make one change, once.
 *
 * @param loaded true if an application sent 200 statements a second meanwhile
 * @param walBytesPerRow everything that was written meanwhile
 */
record BenchRun(
        String table,
        String way,
        boolean loaded,
        long rows,
        Work work,
        double walBytesPerRow,
        SteadyLoad.Latency application) {

    /**
     * @param seconds until the last row was filled
     * @param counting seconds in which it was verified that none remains
     * @param estimateError of the time left, median from a tenth on, as a part of it; 0 if there was none
     */
    record Work(double seconds, double counting, double estimateError, long batches) {}

    double rowsPerSecond() {
        return work.seconds == 0 ? 0 : rows / work.seconds;
    }
}
