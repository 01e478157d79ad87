package io.pitstop.aws;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * As much of CBOR (RFC 8949) as CloudWatch's protocol needs: integers, texts, lists, maps, doubles, and times as seconds.
 * Times are read as doubles.
 */
final class Cbor {
    private static final int BREAK = 0xff;

    private final ByteBuffer bytes;

    private Cbor(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    static Object read(byte[] bytes) {
        return new Cbor(ByteBuffer.wrap(bytes)).value();
    }

    static byte[] write(Object value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(value, out);
        return out.toByteArray();
    }

    private Object value() {
        int head = bytes.get() & 0xff;
        int low = head & 0x1f;
        return switch (head >> 5) {
            case 0 -> size(low);
            case 1 -> -1 - size(low);
            case 2, 3 -> text(low);
            case 4 -> list(low);
            case 5 -> map(low);
            case 6 -> {
                size(low); // of tags there is but the one for times
                yield ((Number) value()).doubleValue();
            }
            default -> simple(low);
        };
    }

    private long size(int low) {
        return switch (low) {
            case 24 -> bytes.get() & 0xff;
            case 25 -> bytes.getShort() & 0xffff;
            case 26 -> bytes.getInt() & 0xffff_ffffL;
            case 27 -> bytes.getLong();
            default -> low;
        };
    }

    private String text(int low) {
        byte[] text = new byte[(int) size(low)];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private List<Object> list(int low) {
        List<Object> list = new ArrayList<>();
        for (long left = low == 31 ? Long.MAX_VALUE : size(low); left > 0 && !ended(low); left--) {
            list.add(value());
        }
        return list;
    }

    private Map<String, Object> map(int low) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (long left = low == 31 ? Long.MAX_VALUE : size(low); left > 0 && !ended(low); left--) {
            map.put((String) value(), value());
        }
        return map;
    }

    private boolean ended(int low) {
        if (low == 31 && (bytes.get(bytes.position()) & 0xff) == BREAK) {
            bytes.get();
            return true;
        }
        return false;
    }

    private Object simple(int low) {
        return switch (low) {
            case 20, 21 -> low == 21;
            case 26 -> (double) bytes.getFloat();
            case 27 -> bytes.getDouble();
            default -> null;
        };
    }

    private static void write(Object value, ByteArrayOutputStream out) {
        if (value instanceof Map<?, ?> map) {
            head(5, map.size(), out);
            map.forEach((key, member) -> {
                write(key, out);
                write(member, out);
            });
        } else if (value instanceof List<?> list) {
            head(4, list.size(), out);
            list.forEach(member -> write(member, out));
        } else if (value instanceof Instant time) {
            head(6, 1, out);
            head(0, (int) time.getEpochSecond(), out);
        } else if (value instanceof Double number) {
            out.write(0xfb);
            out.writeBytes(ByteBuffer.allocate(8).putDouble(number).array());
        } else {
            byte[] text = String.valueOf(value).getBytes(StandardCharsets.UTF_8);
            head(3, text.length, out);
            out.writeBytes(text);
        }
    }

    private static void head(int type, int size, ByteArrayOutputStream out) {
        out.write(type << 5 | 26);
        out.writeBytes(ByteBuffer.allocate(4).putInt(size).array());
    }
}
