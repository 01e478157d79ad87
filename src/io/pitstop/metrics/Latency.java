package io.pitstop.metrics;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * How long requests took: a distribution that can be added, subtracted and sent over a wire without losing its tail.
 *
 * <p>Immutable. Resolution is two significant digits from 1 µs to 1 minute; longer times count as one minute. The wire
 * form is HdrHistogram's compressed V2 encoding in Base64 (hdrhistogram.org).
 */
public final class Latency {
    private static final long LONGEST_MICROS = Duration.ofMinutes(1).toNanos() / 1_000;

    private final Histogram micros;

    private Latency(Histogram micros) {
        this.micros = micros;
    }

    public static Latency none() {
        return new Latency(new Histogram(LONGEST_MICROS, 2));
    }

    public long count() {
        return micros.getTotalCount();
    }

    /** Milliseconds that {@code percent} of the requests did not exceed; 0 if there were none. */
    public double percentileMs(double percent) {
        return count() == 0 ? 0 : micros.getValueAtPercentile(percent) / 1_000.0;
    }

    public Latency plus(Latency other) {
        Histogram sum = micros.copy();
        sum.add(other.micros);
        return new Latency(sum);
    }

    /** What came after {@code earlier}, an older state of this same series. */
    public Latency since(Latency earlier) {
        Histogram rest = micros.copy();
        rest.subtract(earlier.micros);
        return new Latency(rest);
    }

    public String encoded() {
        ByteBuffer bytes = ByteBuffer.allocate(micros.getNeededByteBufferCapacity());
        int length = micros.encodeIntoCompressedByteBuffer(bytes);
        return Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(bytes.array(), length));
    }

    /** @throws IllegalArgumentException if {@code encoded} was not made by {@link #encoded()} */
    public static Latency decoded(String encoded) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(encoded));
            return new Latency(Histogram.decodeFromCompressedByteBuffer(bytes, LONGEST_MICROS));
        } catch (DataFormatException | BufferUnderflowException e) {
            throw new IllegalArgumentException("not an encoded latency distribution", e);
        }
    }

    /** Collects times from any number of threads. */
    public static final class Recorder {
        private final org.HdrHistogram.ConcurrentHistogram micros =
                new org.HdrHistogram.ConcurrentHistogram(LONGEST_MICROS, 2);

        public void record(Duration took) {
            micros.recordValue(Math.min(LONGEST_MICROS, Math.max(0, took.toNanos() / 1_000)));
        }

        /** All that was recorded so far. */
        public Latency snapshot() {
            Histogram copy = new Histogram(LONGEST_MICROS, 2);
            copy.add(micros);
            return new Latency(copy);
        }
    }
}
