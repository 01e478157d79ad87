package io.pitstop.aws;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The AWS emulator moto; tests that need it are skipped, and say so, where it is not installed. */
public final class Moto implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final URI address;

    private Moto(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    public static Moto start() {
        Assumptions.assumeTrue(isInstalled(), "moto is not installed: pip install 'moto[server]'");
        try {
            int port = freePort();
            Process process = new ProcessBuilder(
                            "python3", "-m", "moto.server", "-H", "127.0.0.1", "-p", String.valueOf(port))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Moto moto = new Moto(process, URI.create("http://127.0.0.1:" + port));
            moto.await();
            return moto;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private static boolean isInstalled() {
        try {
            Process check = new ProcessBuilder("python3", "-c", "import moto.server")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return check.waitFor(60, TimeUnit.SECONDS) && check.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void await() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try {
                client.send(
                        HttpRequest.newBuilder(address.resolve("/moto-api/")).build(),
                        HttpResponse.BodyHandlers.discarding());
                return;
            } catch (IOException e) {
                if (System.nanoTime() > deadline || !process.isAlive()) {
                    close();
                    throw new UncheckedIOException("moto did not start", e);
                }
            } catch (InterruptedException e) {
                close();
                throw new IllegalStateException(e);
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public URI address() {
        return address;
    }

    /**
     * CloudWatch for the SDK, which speaks CBOR to it. Moto 5.2.1 does not understand that, but JSON with the same names:
     * this translates both ways.
     */
    public CborService cloudWatch() {
        return CborService.start(this::json);
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
            return list.stream().map(Moto::inJson).toList();
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

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
