package io.pitstop.draft;

import io.pitstop.config.MigrationsConfig;
import io.pitstop.draft.Draft.Script;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Writes a draft into the folders of a repository, behind what is there. */
public final class DraftFolders {
    private static final Pattern VERSION = Pattern.compile("[VB](\\d+)(?:[._]\\d+)*__.*\\.sql");

    private final MigrationsConfig folders;

    public DraftFolders(MigrationsConfig folders) {
        this.folders = folders;
    }

    /**
     * Writes all files or none.
     *
     * @param version of the change; empty for the next whole number after those in the folders
     * @return the files in the order in which they run
     * @throws MoveRefused if a file is there already; nothing is written
     */
    public List<Path> write(Draft draft, Optional<String> version) {
        Map<Path, String> files = new LinkedHashMap<>();
        String number = version.orElseGet(this::next);
        if (!number.matches("\\d+([._]\\d+)*")) {
            throw new InvalidConfig("The version is '" + number + "'.", "Write a version such as 57 or 57.2.");
        }
        for (Phase phase : Phase.values()) {
            List<Script> scripts = draft.of(phase);
            for (int i = 0; i < scripts.size(); i++) {
                files.put(
                        folder(phase).resolve(name(scripts, i, number)),
                        scripts.get(i).sql());
            }
        }
        files.keySet().stream().filter(Files::exists).findFirst().ifPresent(taken -> {
            throw new MoveRefused(taken + " is there already.", "Choose another version with --version.");
        });
        try {
            for (Map.Entry<Path, String> file : files.entrySet()) {
                Files.createDirectories(file.getKey().getParent());
                Files.writeString(file.getKey(), file.getValue(), StandardOpenOption.CREATE_NEW);
            }
        } catch (IOException e) {
            throw new DependencyFailed("The draft cannot be written: " + e.getMessage(), "Make room for it.", e);
        }
        return List.copyOf(files.keySet());
    }

    private static String name(List<Script> scripts, int place, String version) {
        Script script = scripts.get(place);
        String letter = script.phase() == Phase.BACKFILL || script.phase() == Phase.RESTORE ? "B" : "V";
        boolean alone = script.phase() == Phase.EXPAND && scripts.size() == 1;
        return letter + version + (alone ? "" : "." + (place + 1)) + "__"
                + script.what().replaceAll("\\W+", "_") + ".sql";
    }

    private String next() {
        BigInteger last = Stream.of(Phase.values())
                .flatMap(phase -> versions(folder(phase)).stream())
                .max(BigInteger::compareTo)
                .orElse(BigInteger.ZERO);
        return last.add(BigInteger.ONE).toString();
    }

    private static List<BigInteger> versions(Path folder) {
        List<BigInteger> versions = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.map(file -> VERSION.matcher(file.getFileName().toString()))
                        .filter(Matcher::matches)
                        .forEach(name -> versions.add(new BigInteger(name.group(1))));
            } catch (IOException e) {
                throw new DependencyFailed(folder + " cannot be read: " + e.getMessage(), "Make it readable.", e);
            }
        }
        return versions;
    }

    private Path folder(Phase phase) {
        return switch (phase) {
            case EXPAND -> folders.expand();
            case BACKFILL -> folders.backfill();
            case FINISH -> folders.finish();
            case CONTRACT -> folders.contract();
            case RESTORE -> folders.restore();
        };
    }
}
