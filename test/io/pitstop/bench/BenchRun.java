package io.pitstop.bench;

/**
 * One way to make one change, once.
 *
 * @param loaded true if an application sent 200 statements a second meanwhile
 * @param walBytesPerRow everything that was written meanwhile
 * @param before the application's latency just before anything was started
 * @param beside its latency while rows were filled and counted
 */
record BenchRun(
        String table,
        String way,
        boolean loaded,
        long rows,
        Work work,
        double walBytesPerRow,
        SteadyLoad.Latency before,
        SteadyLoad.Latency beside) {

    /**
     * @param begin when the first row was about to be filled, and {@code end} when none remained, by System.nanoTime
     * @param seconds in which rows were filled
     * @param counting seconds in which it was verified that none remains
     * @param comparing seconds in which old and new values of all rows were compared; 0 if they were not
     * @param estimateError of the time left, median from a tenth on, as a part of it; 0 if there was none
     * @param memoryMiB most memory that the process took; 0 if it is not one of ours
     */
    record Work(
            long begin,
            long end,
            double seconds,
            double counting,
            double comparing,
            double estimateError,
            double memoryMiB,
            long batches) {
        Work compared(double inSeconds) {
            return new Work(begin, end, seconds, counting, inSeconds, estimateError, memoryMiB, batches);
        }

        /** All that is known of work that others did. */
        static Work since(long begin, long batches) {
            long end = System.nanoTime();
            return new Work(begin, end, (end - begin) / 1e9, 0, 0, 0, 0, batches);
        }
    }

    /** As a part of the time in which rows were filled. */
    double comparingShare() {
        return work.seconds == 0 ? 0 : work.comparing / work.seconds;
    }

    double rowsPerSecond() {
        return work.seconds == 0 ? 0 : rows / work.seconds;
    }

    /** How many times as long as just before; 0 without a load. */
    double p99Ratio() {
        return before.p99() == 0 ? 0 : beside.p99() / before.p99();
    }
}
