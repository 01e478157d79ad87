package io.pitstop.check.script;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A version as Flyway counts: numbers between dots or underscores, {@code 2.1} after {@code 2} and before {@code 10}. */
public record Version(List<BigInteger> parts) implements Comparable<Version> {
    public Version {
        parts = List.copyOf(parts);
    }

    /** Empty if {@code text} is not a version. */
    public static Optional<Version> of(String text) {
        return text.matches("\\d+([._]\\d+)*")
                ? Optional.of(new Version(
                        Arrays.stream(text.split("[._]")).map(BigInteger::new).toList()))
                : Optional.empty();
    }

    @Override
    public int compareTo(Version other) {
        for (int i = 0; i < Math.max(parts.size(), other.parts.size()); i++) {
            int difference = part(i).compareTo(other.part(i));
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }

    /** Equal as Flyway sees it: 1 and 1.0 are one version. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Version version && compareTo(version) == 0;
    }

    @Override
    public int hashCode() {
        int last = parts.size();
        while (last > 0 && parts.get(last - 1).signum() == 0) {
            last--;
        }
        return parts.subList(0, last).hashCode();
    }

    @Override
    public String toString() {
        return String.join(".", parts.stream().map(BigInteger::toString).toList());
    }

    private BigInteger part(int i) {
        return i < parts.size() ? parts.get(i) : BigInteger.ZERO;
    }
}
