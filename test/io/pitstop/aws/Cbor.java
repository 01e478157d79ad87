package io.pitstop.aws;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.thirdparty.jackson.core.JsonParser;
import software.amazon.awssdk.thirdparty.jackson.core.JsonToken;
import software.amazon.awssdk.thirdparty.jackson.dataformat.cbor.CBORFactory;
import software.amazon.awssdk.thirdparty.jackson.dataformat.cbor.CBORGenerator;
import software.amazon.awssdk.thirdparty.jackson.dataformat.cbor.CBORParser;

/** What the SDK says to CloudWatch and hears from it: CBOR as maps, lists, texts, numbers and moments. */
final class Cbor {
    private static final CBORFactory FACTORY = new CBORFactory();
    private static final int EPOCH_SECONDS = 1;

    private Cbor() {}

    @SuppressWarnings("unchecked")
    static Map<String, Object> read(byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            return Map.of();
        }
        try (CBORParser parser = FACTORY.createParser(bytes)) {
            parser.nextToken();
            return (Map<String, Object>) value(parser);
        }
    }

    private static Object value(CBORParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String key = parser.currentName();
                    parser.nextToken();
                    map.put(key, value(parser));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                yield list;
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> parser.getText();
        };
    }

    private static Object number(CBORParser parser) throws IOException {
        if (parser.getCurrentTag() == EPOCH_SECONDS) {
            return Instant.ofEpochMilli(Math.round(parser.getDoubleValue() * 1_000));
        }
        return ((JsonParser) parser).getNumberValue();
    }

    static byte[] write(Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CBORGenerator generator = FACTORY.createGenerator(bytes)) {
            write(value, generator);
        }
        return bytes.toByteArray();
    }

    private static void write(Object value, CBORGenerator to) throws IOException {
        if (value instanceof Map<?, ?> map) {
            to.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                to.writeFieldName(String.valueOf(entry.getKey()));
                write(entry.getValue(), to);
            }
            to.writeEndObject();
        } else if (value instanceof List<?> list) {
            to.writeStartArray();
            for (Object item : list) {
                write(item, to);
            }
            to.writeEndArray();
        } else if (value instanceof Instant moment) {
            to.writeTag(EPOCH_SECONDS);
            to.writeNumber(moment.toEpochMilli() / 1_000.0);
        } else if (value instanceof Integer number) {
            to.writeNumber(number);
        } else if (value instanceof Number number) {
            to.writeNumber(number.doubleValue());
        } else if (value instanceof Boolean truth) {
            to.writeBoolean(truth);
        } else {
            to.writeString(String.valueOf(value));
        }
    }
}
