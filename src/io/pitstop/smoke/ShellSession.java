package io.pitstop.smoke;

import io.pitstop.error.DependencyFailed;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A shell command in a session of its own, so that it can be ended together with everything it started. */
final class ShellSession {
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final Process shell;
    /** All that were seen so far; who leaves the session or loses its parent is still known. */
    private final Set<ProcessHandle> family = new HashSet<>();

    private ShellSession(Process shell) {
        this.shell = shell;
        family.add(shell.toHandle());
    }

    /** Starts {@code command} with nothing to read; {@code settings} say where and with what environment. */
    static ShellSession start(String command, ProcessBuilder settings) {
        try {
            // setsid replaces itself by the shell: our child's id is the id of the new session.
            return new ShellSession(settings.command("setsid", "/bin/sh", "-c", command)
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .start());
        } catch (IOException e) {
            throw new DependencyFailed(
                    "Cannot start a shell by setsid in " + settings.directory() + ": " + e.getMessage() + ".",
                    "Make setsid (util-linux) and /bin/sh available on this machine.",
                    e);
        }
    }

    InputStream output() {
        return shell.getInputStream();
    }

    boolean endedWithin(Duration time) throws InterruptedException {
        return shell.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** 128 + the signal's number if a signal ended it. */
    int exitCode() {
        return shell.exitValue();
    }

    /** Ends whatever still runs: politely at first, by force after a grace period or when interrupted meanwhile. */
    void end() {
        end(GRACE);
    }

    void end(Duration grace) {
        // An interrupt may be why we are here, and must not cut the clean-up short.
        boolean interrupted = Thread.interrupted();
        interrupted |= !endAll(ProcessHandle::destroy, grace);
        interrupted |= !endAll(ProcessHandle::destroyForcibly, GRACE);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Gives everybody who runs, also who is started meanwhile, the signal once, until nobody is left or patience ends.
     * Returns false if it was interrupted.
     */
    private boolean endAll(Consumer<ProcessHandle> signal, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        Set<ProcessHandle> told = new HashSet<>();
        try {
            for (List<ProcessHandle> left = running();
                    !left.isEmpty() && System.nanoTime() < deadline;
                    left = running()) {
                left.stream().filter(told::add).forEach(signal);
                Thread.sleep(LOOK_AGAIN.toMillis());
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private List<ProcessHandle> running() {
        // A browser likes to have a session of its own, and a server in the background has lost its parent.
        shell.descendants().forEach(family::add);
        ProcessHandle.allProcesses()
                .filter(process -> isRunning(process) && sessionOf(process).equals(Long.toString(shell.pid())))
                .forEach(family::add);
        return family.stream().filter(ShellSession::isRunning).toList();
    }

    /** A process that has ended does not run, even if its parent never asks for its exit code. */
    private static boolean isRunning(ProcessHandle process) {
        return process.isAlive() && !stat(process)[0].equals("Z");
    }

    private static String sessionOf(ProcessHandle process) {
        return stat(process)[3];
    }

    /** State, parent, group and session, as Linux tells them (proc(5)); of a process that is gone, a zombie's. */
    private static String[] stat(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            // The name before may hold spaces and parentheses itself.
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        } catch (IOException e) {
            return new String[] {"Z", "", "", ""};
        }
    }
}
