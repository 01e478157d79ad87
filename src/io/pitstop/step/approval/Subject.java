package io.pitstop.step.approval;

import io.pitstop.config.Approvable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What would be done by a step, told so that a person can approve it: named lines, the same for whoever asks, approves
 * and acts, on whichever machine.
 */
public final class Subject {
    /** Raised whenever the same thing is told in another way. */
    private static final String FORMAT = "pitstop approval 1";

    private final Approvable step;
    private final Map<String, String> lines = new LinkedHashMap<>();

    public Subject(Approvable step) {
        this.step = step;
    }

    /**
     * Adds one line.
     *
     * @param name what it is about; no other line of the subject has it
     */
    public Subject with(String name, Object value) {
        // What the name of a file has in it must not pass for a line of its own.
        String key = name.replace(": ", ":").replaceAll("\\p{Cntrl}", "?");
        String line = key + ": " + value.toString().replaceAll("\\p{Cntrl}", "?");
        if (lines.put(key, line) != null) {
            throw new IllegalArgumentException("told twice: " + line);
        }
        return this;
    }

    public Approvable step() {
        return step;
    }

    public List<String> lines() {
        return List.copyOf(lines.values());
    }

    /** SHA-256 of the lines, hexadecimal. */
    public String hash() {
        String text = FORMAT + "\n" + step.step() + "\n" + String.join("\n", lines.values()) + "\n";
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** True if each of its lines is among {@code approved}: it does less at most. */
    boolean isWithin(List<String> approved) {
        return approved.containsAll(lines.values());
    }

    /** What is not as it was {@code approved}, one text for each difference. */
    List<String> differences(List<String> approved) {
        List<String> differences = new ArrayList<>();
        Map<String, String> left = new LinkedHashMap<>(lines);
        for (String line : approved) {
            String name = line.contains(": ") ? line.substring(0, line.indexOf(": ")) : line;
            String now = left.remove(name);
            if (now == null) {
                differences.add("approved but not so any more: " + line);
            } else if (!now.equals(line)) {
                differences.add(name + " was " + line.substring(name.length() + 2) + ", is "
                        + now.substring(name.length() + 2));
            }
        }
        left.values().forEach(line -> differences.add("not approved: " + line));
        return differences;
    }
}
