package io.pitstop.cli.output;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the process is attached to, as far as it matters for what can be printed over. */
public final class Terminal {
    private static final int USUAL_WIDTH = 80;
    private static final long WITHIN_MS = 1_000;
    private static final Pattern SIZE = Pattern.compile("\\d+ (\\d+)");

    private Terminal() {}

    /** True if a person sits before it, and what was printed can be printed over. A build has none. */
    public static boolean isThere(Map<String, String> environment) {
        String kind = environment.getOrDefault("TERM", "dumb");
        // Asked of the system too: newer Java has a console even where the output goes to a file.
        return !kind.equals("dumb") && System.console() != null && isPrintedTo();
    }

    /** Its columns, by COLUMNS or as it says itself; 80 if neither tells. */
    public static int width(Map<String, String> environment) {
        String told = environment.getOrDefault("COLUMNS", "");
        if (told.matches("[1-9]\\d{0,3}")) {
            return Integer.parseInt(told);
        }
        return measured().orElse(USUAL_WIDTH);
    }

    private static boolean isPrintedTo() {
        try {
            Process test = new ProcessBuilder("test", "-t", "1")
                    .redirectOutput(Redirect.INHERIT)
                    .redirectError(Redirect.DISCARD)
                    .start();
            return ended(test) && test.exitValue() == 0;
        } catch (IOException e) {
            return false; // a system without test is none whose terminals we know
        }
    }

    private static OptionalInt measured() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(Redirect.DISCARD)
                    .start();
            if (!ended(stty)) {
                return OptionalInt.empty();
            }
            String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            Matcher matcher = SIZE.matcher(size.strip());
            // A terminal that nobody has told its size says 0.
            return matcher.matches() && !matcher.group(1).equals("0")
                    ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
                    : OptionalInt.empty();
        } catch (IOException e) {
            return OptionalInt.empty();
        }
    }

    private static boolean ended(Process process) {
        try {
            if (process.waitFor(WITHIN_MS, TimeUnit.MILLISECONDS)) {
                return true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        return false;
    }
}
