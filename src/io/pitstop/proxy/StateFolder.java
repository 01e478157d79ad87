package io.pitstop.proxy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pitstop.error.InvalidConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/** What outlives the proxy's process: file {@code split} and file {@code token}. */
final class StateFolder {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final Path folder;

    private StateFolder(Path folder) {
        this.folder = folder;
    }

    /** @throws InvalidConfig if there can be no such folder */
    static StateFolder at(Path folder) {
        try {
            Files.createDirectories(folder);
            return new StateFolder(folder);
        } catch (IOException e) {
            throw new InvalidConfig(
                    "The state folder " + folder + " cannot be made: " + e + ".",
                    "Name a folder that this user may write to.",
                    e);
        }
    }

    /** @return empty if no split was ever saved here */
    Optional<VersionedShares> split() throws IOException {
        Path file = folder.resolve("split");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(Files.readString(file), VersionedShares.class));
        } catch (JsonProcessingException e) {
            throw new InvalidConfig(
                    "The file " + file + " does not hold a split, so nobody can tell who serves users.",
                    "Write {\"blue\":100,\"green\":0} or the other way round into it, then start the proxy again.",
                    e);
        }
    }

    /** Returns once the split would survive a power cut. */
    void save(VersionedShares shares) throws IOException {
        replace("split", JSON.writeValueAsString(shares) + "\n");
    }

    /** The secret that guards the admin endpoint; made at first use, the same ever after. */
    String token() throws IOException {
        Path file = folder.resolve("token");
        if (!Files.exists(file)) {
            byte[] secret = new byte[32];
            new SecureRandom().nextBytes(secret);
            replace("token", Base64.getUrlEncoder().withoutPadding().encodeToString(secret) + "\n");
        }
        Files.setPosixFilePermissions(file, OWNER_ONLY);
        String token = Files.readString(file).strip();
        if (token.length() < 32) {
            throw new InvalidConfig(
                    "The file " + file + " holds no token that could guard anything.",
                    "Delete it; the proxy makes a new one at its next start.");
        }
        return token;
    }

    private void replace(String name, String content) throws IOException {
        Path draft = folder.resolve(name + ".new");
        // A draft that a crash left behind could have any permissions.
        Files.deleteIfExists(draft);
        try (FileChannel file = FileChannel.open(
                draft,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
        }
        Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel entries = FileChannel.open(folder)) {
            entries.force(true); // the new name is only on disk once its folder is
        }
    }
}
