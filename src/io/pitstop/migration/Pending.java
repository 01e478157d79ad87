package io.pitstop.migration;

import io.pitstop.error.InvalidConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A migration that was not applied yet.
 *
 * @param version Flyway's version; empty for a repeatable migration
 * @param description what Flyway reads from the name of the file
 * @param inTransaction true if it is applied as a whole or not at all
 */
public record Pending(String version, String description, Path file, boolean inTransaction) {
    /** The name of the file, such as {@code V2__authors.sql}. */
    public String script() {
        return file.getFileName().toString();
    }

    /**
     * SHA-256 of what the file holds, hexadecimal; the same whichever line ends a checkout gave it.
     *
     * @throws InvalidConfig if it cannot be read
     */
    public String checksum() {
        try {
            // One byte a character, whatever the file is written in: a wrong encoding must not make files equal.
            String sql = Files.readString(file, StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
            byte[] bytes = sql.getBytes(StandardCharsets.ISO_8859_1);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (IOException e) {
            throw new InvalidConfig(file + " cannot be read: " + e.getMessage(), "Make it readable.", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
