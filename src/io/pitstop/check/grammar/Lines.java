package io.pitstop.check.grammar;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Where the lines of a text begin; PostgreSQL counts places in bytes of UTF-8. */
final class Lines {
    private final String text;
    private final byte[] bytes;
    private final int first;
    private final int[] ends;

    /** @param first number of the text's first line, in the file that it is a part of */
    Lines(String text, int first) {
        this.text = text;
        this.bytes = text.getBytes(StandardCharsets.UTF_8);
        this.first = first;
        this.ends =
                IntStream.range(0, bytes.length).filter(i -> bytes[i] == '\n').toArray();
    }

    String text() {
        return text;
    }

    /** The line of the byte at {@code place}. */
    int at(int place) {
        int found = Arrays.binarySearch(ends, place);
        return first + (found < 0 ? -found - 1 : found);
    }

    /** The line of the character at {@code place}. */
    int atCharacter(int place) {
        int end = Math.max(0, Math.min(place, text.length()));
        return first
                + (int) text.substring(0, end).chars().filter(c -> c == '\n').count();
    }

    /** The text between two places in bytes. */
    String between(int from, int to) {
        int end = Math.min(to, bytes.length);
        return from >= end ? "" : new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }

    int bytes() {
        return bytes.length;
    }
}
