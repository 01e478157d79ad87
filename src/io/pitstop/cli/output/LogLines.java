package io.pitstop.cli.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pitstop.release.Release;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes each line that a command prints as one JSON object, for log collectors: {@code time, level, message, step,
 * release, build, traceId, spanId}, the last four only where they are known. The trace is the one of the W3C's
 * {@code TRACEPARENT}, which Jenkins' OpenTelemetry plugin sets.
 */
public final class LogLines extends Writer {
    /** Set to {@code json}, the agent logs this way. */
    static final String VARIABLE = "PITSTOP_LOG";

    private static final String WARNING = "warning: ";
    private static final Pattern TRACE = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}");

    private final Appendable out;
    private final String level;
    private final Map<String, String> environment;
    private final String step;
    private final Clock clock;
    private final AtomicReference<String> release;
    private final StringBuilder line = new StringBuilder();

    private LogLines(
            Appendable out,
            String level,
            Map<String, String> environment,
            String step,
            Clock clock,
            AtomicReference<String> release) {
        this.out = out;
        this.level = level;
        this.environment = environment;
        this.step = step;
        this.clock = clock;
        this.release = release;
    }

    /** What a command prints, and what it complains of. */
    public record Pair(Printer out, Printer err) {}

    /** A printer whose lines, and those of the other of its pair, name the release once one of them was told. */
    public static final class Printer extends PrintWriter {
        private final AtomicReference<String> release;

        private Printer(LogLines lines) {
            super(lines, true);
            this.release = lines.release;
        }

        public void name(Release worked) {
            release.set(worked.id());
        }
    }

    /** @param arguments of the command line, the command first */
    public static Pair over(
            Appendable out, Appendable err, Map<String, String> environment, String[] arguments, Clock clock) {
        AtomicReference<String> release = new AtomicReference<>("");
        String step = arguments.length == 0 ? "" : arguments[0];
        return new Pair(
                new Printer(new LogLines(out, "info", environment, step, clock, release)),
                new Printer(new LogLines(err, "error", environment, step, clock, release)));
    }

    public static boolean wanted(Map<String, String> environment) {
        return "json".equals(environment.get(VARIABLE));
    }

    @Override
    public void write(char[] text, int from, int length) {
        synchronized (lock) {
            for (int i = from; i < from + length; i++) {
                if (text[i] == '\n') {
                    end();
                } else if (text[i] != '\r') {
                    line.append(text[i]);
                }
            }
        }
    }

    @Override
    public void flush() throws IOException {
        if (out instanceof java.io.Flushable flushable) {
            flushable.flush();
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (lock) {
            if (!line.isEmpty()) {
                end();
            }
        }
        flush();
    }

    private void end() {
        String text = line.toString().strip();
        line.setLength(0);
        if (text.isEmpty()) {
            return;
        }
        boolean warning = text.startsWith(WARNING);
        ObjectNode entry = Json.mapper()
                .createObjectNode()
                .put("time", clock.instant().toString())
                .put("level", warning ? "warn" : level)
                .put("message", warning ? text.substring(WARNING.length()) : text)
                .put("step", step);
        known(release.get()).ifPresent(id -> entry.put("release", id));
        known(environment.get("BUILD_TAG"))
                .or(() -> known(environment.get("BUILD_URL")))
                .ifPresent(build -> entry.put("build", build));
        Matcher trace = TRACE.matcher(environment.getOrDefault("TRACEPARENT", ""));
        if (trace.matches()) {
            entry.put("traceId", trace.group(1)).put("spanId", trace.group(2));
        }
        try {
            out.append(entry.toString()).append('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> known(String text) {
        return Optional.ofNullable(text).filter(some -> !some.isBlank());
    }
}
