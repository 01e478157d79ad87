package io.pitstop.backfill.brake;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/** How much room the server's disk has left, where that can be seen from here: a backfill grows the table. */
final class Disk implements Signal {
    private static final long MB = 1 << 20;
    private static final long LEAST_MB = 256;
    private static final double LEAST_SHARE = 0.02;

    private final Path folder;

    private Disk(Path folder) {
        this.folder = folder;
    }

    /** Empty unless the server runs on this machine and tells where its files are. */
    static java.util.Optional<Disk> of(Connection session, String url) throws SQLException {
        if (!url.matches("jdbc:postgresql://(localhost|127\\.[0-9.]+|\\[::1])[:/].*")) {
            return java.util.Optional.empty();
        }
        String path = Gauges.text(session, "SELECT setting FROM pg_settings WHERE name = 'data_directory'");
        return path != null && !path.isEmpty() && Files.isDirectory(Path.of(path))
                ? java.util.Optional.of(new Disk(Path.of(path)))
                : java.util.Optional.empty();
    }

    @Override
    public String name() {
        return "disk";
    }

    @Override
    public boolean isForOthers() {
        return false;
    }

    @Override
    public Reading read(Connection session) throws SQLException {
        try {
            FileStore store = Files.getFileStore(folder);
            return judge(store.getUsableSpace() / MB, store.getTotalSpace() / MB);
        } catch (IOException e) {
            return Reading.slow("the room on the server's disk cannot be read: " + e.getMessage());
        }
    }

    static Reading judge(long freeMb, long totalMb) {
        long least = Math.max(LEAST_MB, Math.round(totalMb * LEAST_SHARE));
        String words = "the server's disk has " + freeMb + " MB left";
        if (freeMb < least) {
            return Reading.stop(words);
        }
        return freeMb < 2 * least ? Reading.slow(words) : Reading.GOOD;
    }
}
