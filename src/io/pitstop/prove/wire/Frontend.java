package io.pitstop.prove.wire;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client says to PostgreSQL, message by message (frontend/backend protocol 3.0, chapter "Message Formats" of the
 * manual): put together to the groups that the server answers as one.
 */
final class Frontend {
    private static final int LONGEST = 64 << 20;

    private final DataInputStream from;
    private final Map<String, String> prepared = new HashMap<>();
    private String purpose = "";
    private String last = "";

    Frontend(DataInputStream from) {
        this.from = from;
    }

    /**
     * Some messages that belong together.
     *
     * @param action what they ask for; empty if they need no answer of their own
     * @param begins whether the first of them begins a transaction
     */
    record Group(byte[] bytes, Optional<String> action, boolean begins) {}

    /** The first message has no type. */
    byte[] startup() throws IOException {
        int length = from.readInt();
        ByteBuffer message = ByteBuffer.allocate(checked(length)).putInt(length);
        from.readFully(message.array(), 4, length - 4);
        return message.array();
    }

    /** @throws EOFException if the client has hung up */
    Group next() throws IOException {
        List<byte[]> messages = new ArrayList<>();
        List<String> statements = new ArrayList<>();
        while (true) {
            byte type = from.readByte();
            byte[] message = message(type);
            messages.add(message);
            switch (type) {
                case 'Q' -> {
                    statements.add(text(message, 5));
                    return asked(messages, statements);
                }
                case 'P' -> parsed(message, statements);
                case 'B' -> bound(message, statements);
                case 'S' -> {
                    return asked(messages, statements);
                }
                case 'D', 'E', 'C' -> {
                    continue;
                }
                default -> {
                    return new Group(joined(messages), Optional.empty(), false);
                }
            }
        }
    }

    private Group asked(List<byte[]> messages, List<String> statements) {
        boolean begins =
                !statements.isEmpty() && Statements.name(statements.get(0)).startsWith("BEGIN");
        return new Group(joined(messages), Optional.of(action(statements)), begins);
    }

    private byte[] message(byte type) throws IOException {
        int length = from.readInt();
        ByteBuffer message = ByteBuffer.allocate(1 + checked(length)).put(type).putInt(length);
        from.readFully(message.array(), 5, length - 4);
        return message.array();
    }

    private void parsed(byte[] message, List<String> statements) {
        String name = text(message, 5);
        String sql = text(message, 5 + name.getBytes(StandardCharsets.UTF_8).length + 1);
        prepared.put(name, sql);
    }

    private void bound(byte[] message, List<String> statements) {
        String portal = text(message, 5);
        String name = text(message, 5 + portal.getBytes(StandardCharsets.UTF_8).length + 1);
        statements.add(prepared.getOrDefault(name, ""));
    }

    /** Of several statements the one that matters; an end of a transaction is known by what it ends. */
    private String action(List<String> statements) {
        List<String> names = statements.stream()
                .map(Statements::name)
                .filter(statement -> !statement.isEmpty() && !statement.startsWith("BEGIN"))
                .toList();
        String name = names.stream()
                .filter(statement -> !statement.startsWith("SELECT "))
                .findFirst()
                .orElse(names.isEmpty() ? "" : names.get(0));
        if (name.startsWith("SET application_name")) {
            purpose = statements.get(statements.size() - 1).replaceAll(".*pitstop:[^:]*:([^']*)'.*", "$1");
        }
        String ended = name;
        if (name.equals("COMMIT") || name.equals("ROLLBACK")) {
            ended = name + " of " + last;
        } else {
            last = name;
            boolean ends = names.size() > 1 && names.get(names.size() - 1).equals("COMMIT");
            ended = ends ? "COMMIT of " + name : name;
        }
        return "database " + (purpose.isEmpty() ? "" : "[" + purpose + "] ") + ended;
    }

    private static int checked(int length) throws IOException {
        if (length < 4 || length > LONGEST) {
            throw new IOException("a message of " + length + " bytes");
        }
        return length;
    }

    private static String text(byte[] message, int at) {
        int end = at;
        while (end < message.length && message[end] != 0) {
            end++;
        }
        return new String(message, at, end - at, StandardCharsets.UTF_8);
    }

    private static byte[] joined(List<byte[]> messages) {
        ByteBuffer all = ByteBuffer.allocate(
                messages.stream().mapToInt(message -> message.length).sum());
        messages.forEach(all::put);
        return all.array();
    }
}
