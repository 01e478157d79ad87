package io.pitstop.jtf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Remembers in the data folder which backend settings it was prepared with; as a hash, since they may hold secrets. */
final class InitMark {
    private final Path file;

    InitMark(Path data) {
        this.file = data.resolve("init.sha256");
    }

    boolean matches(byte[] settings) {
        try {
            return Files.exists(file) && Files.readString(file).equals(hash(settings));
        } catch (IOException e) {
            return false; // one init too many does no harm
        }
    }

    void write(byte[] settings) {
        try {
            Files.writeString(file, hash(settings));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static String hash(byte[] settings) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(settings));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
