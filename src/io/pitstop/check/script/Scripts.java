package io.pitstop.check.script;

import io.pitstop.config.MigrationsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** All scripts of a repository. */
public final class Scripts {
    private Scripts() {}

    /**
     * Returns them in the order of the phases, and within one in the order in which they run.
     *
     * @throws io.pitstop.error.InvalidConfig if a folder cannot be read
     */
    public static List<ScriptFile> in(MigrationsConfig folders) {
        Map<Phase, Path> byPhase = Map.of(
                Phase.EXPAND, folders.expand(),
                Phase.BACKFILL, folders.backfill(),
                Phase.FINISH, folders.finish(),
                Phase.CONTRACT, folders.contract());
        return byPhase.entrySet().stream()
                .flatMap(folder -> files(folder.getValue(), folder.getKey()).stream())
                .sorted()
                .toList();
    }

    private static List<ScriptFile> files(Path folder, Phase phase) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        // Flyway looks into the folders below as well, the backfill does not.
        int depth = phase == Phase.BACKFILL ? 1 : Integer.MAX_VALUE;
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.filter(file -> file.toString().endsWith(".sql") && Files.isRegularFile(file))
                    .map(file -> ScriptFile.of(file.toAbsolutePath().normalize(), phase))
                    .toList();
        } catch (IOException e) {
            throw ScriptSettings.unreadable(folder, e);
        }
    }
}
