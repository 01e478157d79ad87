package io.pitstop.demo;

import io.pitstop.error.DependencyFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** PostgreSQL refuses to run as root. A user namespace makes it nobody, where the machine allows one. */
final class RootWithoutNamespaces {
    private static final Path SELF = Path.of("/proc/self");

    private RootWithoutNamespaces() {}

    static void refuse() {
        refuse(isRoot(), "unshare", "-U", "true");
    }

    /** @param namespace a command that succeeds if it can make a user namespace */
    static void refuse(boolean root, String... namespace) {
        if (root && !succeeds(namespace)) {
            throw new DependencyFailed(
                    "PostgreSQL does not run as root, and this machine allows no user namespace to run it in.",
                    "Run the demo as another user, or give it a database of yours with --db-url.");
        }
    }

    static boolean isRoot() {
        try {
            return Files.exists(SELF) && Files.getAttribute(SELF, "unix:uid").equals(0);
        } catch (IOException e) {
            return false; // then PostgreSQL itself will say so
        }
    }

    private static boolean succeeds(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean ended = process.waitFor(10, TimeUnit.SECONDS);
            process.destroyForcibly();
            return ended && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
