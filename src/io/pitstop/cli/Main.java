package io.pitstop.cli;

import io.pitstop.cli.output.Defect;
import io.pitstop.cli.output.LogLines;
import io.pitstop.cli.output.Screen;
import io.pitstop.cli.output.Terminal;
import io.pitstop.cli.output.WrongUsage;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/** Starts the command that was asked for. The only place that ends the process. */
public final class Main {
    /** Terraform may need minutes to stop in an orderly way; Jenkins waits for us as long as we keep the pipe open. */
    private static final Duration GRACE = Duration.ofMinutes(5);

    private Main() {}

    public static void main(String[] arguments) {
        CountDownLatch done = new CountDownLatch(1);
        Thread command = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(command, done), "stop"));
        int exitCode;
        try {
            exitCode = commandLine(arguments).execute(arguments);
        } finally {
            done.countDown();
        }
        System.exit(exitCode);
    }

    private static CommandLine commandLine(String[] arguments) {
        CommandLine command = commandLine();
        if (LogLines.wanted(System.getenv())) {
            LogLines.Pair lines = LogLines.over(System.out, System.err, System.getenv(), arguments, Clock.systemUTC());
            command.setOut(lines.out()).setErr(lines.err());
        } else if (List.of(arguments).contains("backfill") && Terminal.isThere(System.getenv())) {
            draw(command);
        }
        return command;
    }

    /** Nothing that anybody prints may come into the line that is drawn. */
    private static void draw(CommandLine command) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        Screen screen = new Screen(out, System.console().charset(), () -> Terminal.width(System.getenv()));
        command.setOut(screen.printer(out)).setErr(screen.printer(err));
        System.setErr(screen.stream(err));
    }

    static CommandLine commandLine() {
        return new CommandLine(new PitstopCommand())
                .setExecutionExceptionHandler(new Defect())
                .setParameterExceptionHandler(new WrongUsage())
                .setUsageHelpAutoWidth(false);
    }

    /** On SIGINT or SIGTERM: lets the command put back what it must; the exit code is the signal's, 130 or 143. */
    private static void stop(Thread command, CountDownLatch done) {
        if (done.getCount() == 0) {
            return;
        }
        command.interrupt();
        try {
            if (!done.await(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("pitstop: did not stop within " + GRACE.toMinutes() + " minutes; run it again.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
