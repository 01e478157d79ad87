package io.pitstop.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The command {@code pitstop backfill} in a process of its own, as it is started by a user, and what it says. */
final class AgentRun {
    private static final Pattern LEFT = Pattern.compile(" (\\d+) %, .* rows/s, (\\d+)(?: ± \\d+)? s to go");
    private static final Pattern DONE =
            Pattern.compile(" done: ([\\d,]+) rows in ([\\d.]+) s \\(([\\d,]+) rows/s\\), (\\d+) batches");
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final long LONGEST_MINUTES = 20;

    private final Process process;
    private final List<double[]> estimates = new ArrayList<>();
    private final List<Double> errors = new ArrayList<>();
    private long begin;
    private long end;
    private double seconds;
    private double counting;
    private long batches;
    private volatile long peakKib;

    /** @param folder holds pitstop.yml */
    AgentRun(Path folder, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // As the launcher starts it.
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xss512k",
                "-Xmx192m",
                "-Dorg.jboss.logging.provider=slf4j",
                "-cp",
                System.getProperty("java.class.path"),
                "io.pitstop.cli.Main",
                "backfill"));
        command.addAll(List.of(options));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("PITSTOP_DB_USER", "postgres");
        process = builder.start();
    }

    /** Waits for its end. */
    BenchRun.Work await() throws IOException, InterruptedException {
        Thread watch = new Thread(this::watchMemory);
        watch.setDaemon(true);
        watch.start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println("  " + line);
                take(line, System.nanoTime());
            }
            if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IllegalStateException("pitstop backfill did not end well; see above");
            }
        } finally {
            process.destroyForcibly();
        }
        double[] sorted =
                errors.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        double error = sorted.length == 0 ? 0 : sorted[sorted.length / 2];
        return new BenchRun.Work(begin, end, seconds, counting, 0, error, peakKib / 1024.0, batches);
    }

    private void take(String line, long now) {
        Matcher left = LEFT.matcher(line);
        Matcher done = DONE.matcher(line);
        if (line.contains(" walks ") && begin == 0) {
            begin = now;
        } else if (left.find()) {
            if (Integer.parseInt(left.group(1)) >= 10) {
                estimates.add(new double[] {now / 1e9, Double.parseDouble(left.group(2))});
            }
        } else if (done.find()) {
            end = now;
            double filling = number(done.group(1)) / Math.max(1, number(done.group(3)));
            double verifying = Math.max(0, Double.parseDouble(done.group(2)) - filling);
            seconds += filling;
            counting += verifying;
            batches += Long.parseLong(done.group(4));
            judge(now / 1e9 - verifying);
        }
    }

    /** Compares what was left by the estimates with what was left indeed, for those with more than two seconds to go. */
    private void judge(double filled) {
        for (double[] estimate : estimates) {
            double left = filled - estimate[0];
            if (left > 2) {
                errors.add(Math.abs(estimate[1] - left) / left);
            }
        }
        estimates.clear();
    }

    private void watchMemory() {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        while (process.isAlive()) {
            try {
                Matcher peak = PEAK.matcher(Files.readString(status));
                peakKib = peak.find() ? Long.parseLong(peak.group(1)) : peakKib;
                TimeUnit.MILLISECONDS.sleep(200);
            } catch (IOException | InterruptedException e) {
                return; // it has ended, or this machine has no such file: 0 says that nothing is known
            }
        }
    }

    private static double number(String text) {
        return Double.parseDouble(text.replace(",", ""));
    }
}
