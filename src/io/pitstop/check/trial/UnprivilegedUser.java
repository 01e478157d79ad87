package io.pitstop.check.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** PostgreSQL refuses to run as root: then it runs in a user namespace, or as nobody. */
final class UnprivilegedUser {
    private static final Path SELF = Path.of("/proc/self");
    private static final List<String> NAMESPACE = List.of("unshare", "-U");
    private static final List<String> NOBODY =
            List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups");
    private static final int SECONDS = 10;

    private UnprivilegedUser() {}

    /** What to put before a command: nothing, if we are not root. Empty if there is no way. */
    static Optional<List<String>> prefix() {
        if (!isRoot()) {
            return Optional.of(List.of());
        }
        return List.of(NAMESPACE, NOBODY).stream()
                .filter(UnprivilegedUser::works)
                .findFirst();
    }

    /** Gives a file to whom {@code prefix} makes us. */
    static void give(Path file, List<String> prefix) throws IOException {
        if (prefix.equals(NOBODY)) {
            Files.setOwner(
                    file, file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        }
    }

    private static boolean isRoot() {
        try {
            return Files.exists(SELF) && Files.getAttribute(SELF, "unix:uid").equals(0);
        } catch (IOException e) {
            return false; // then PostgreSQL itself will say so
        }
    }

    private static boolean works(List<String> prefix) {
        List<String> command = new java.util.ArrayList<>(prefix);
        command.add("true");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
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
