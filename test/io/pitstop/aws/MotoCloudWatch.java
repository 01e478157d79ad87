package io.pitstop.aws;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * CloudWatch for the SDK, which speaks CBOR to it. Moto 5.2.1 does not understand that, but JSON with the same names: this
 * translates both ways.
 */
final class MotoCloudWatch {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI address;

    private MotoCloudWatch(URI address) {
        this.address = address;
    }

    static CborService start(URI moto) {
        return CborService.start(new MotoCloudWatch(moto)::json);
    }

    private Map<String, Object> json(String operation, Map<String, Object> request)
            throws IOException, CborService.Refusal {
        HttpRequest asked = HttpRequest.newBuilder(address)
                .header("X-Amz-Target", "GraniteServiceVersion20100801." + operation)
                .header("Content-Type", "application/x-amz-json-1.0")
                .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/monitoring/aws4_request, Signature=none")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(inJson(request))))
                .build();
        try {
            HttpResponse<String> answer = client.send(asked, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new CborService.Refusal(answer.statusCode(), "InternalFailure", "moto: " + answer.body());
            }
            return inCbor(JSON.readValue(answer.body(), new TypeReference<Map<String, Object>>() {}));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object inJson(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> plain = new LinkedHashMap<>();
            map.forEach((key, item) -> plain.put(String.valueOf(key), inJson(item)));
            return plain;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(MotoCloudWatch::inJson).toList();
        }
        return value instanceof Instant moment ? (Object) moment.getEpochSecond() : value;
    }

    /** Moments are mere numbers in JSON: they are told by their names. */
    private static Map<String, Object> inCbor(Map<?, ?> json) {
        Map<String, Object> map = new LinkedHashMap<>();
        json.forEach((key, value) ->
                map.put(String.valueOf(key), inCbor(value, String.valueOf(key).matches(".*Timestamps?"))));
        return map;
    }

    private static Object inCbor(Object value, boolean isMoment) {
        if (value instanceof Map<?, ?> map) {
            return inCbor(map);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(item -> inCbor(item, isMoment)).toList();
        }
        return isMoment && value instanceof Number seconds
                ? Instant.ofEpochMilli(Math.round(seconds.doubleValue() * 1_000))
                : value;
    }
}
