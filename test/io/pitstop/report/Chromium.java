package io.pitstop.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real Chromium without a window, told by the DevTools protocol what to show. */
final class Chromium implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Process process;
    private final WebSocket socket;
    private final BlockingQueue<JsonNode> messages;
    private final List<String> complaints = new ArrayList<>();
    private int calls;
    private boolean loaded;

    private Chromium(Process process, WebSocket socket, BlockingQueue<JsonNode> messages) {
        this.process = process;
        this.socket = socket;
        this.messages = messages;
    }

    /** The program; empty if there is none on the PATH. */
    static Optional<Path> program() {
        return Stream.of(System.getenv("PATH").split(":"))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** @param profile an empty folder of its own */
    static Chromium start(Path program, Path profile) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(profile.resolve("output").toFile())
                .start();
        try {
            URI page = pageOf(port(process, profile.resolve("DevToolsActivePort")));
            BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .connectTimeout(ANSWER)
                    .buildAsync(page, new Ear(messages))
                    .join();
            Chromium chromium = new Chromium(process, socket, messages);
            Stream.of("Page.enable", "Log.enable", "Runtime.enable", "Audits.enable")
                    .forEach(domain -> chromium.call(domain, Map.of()));
            return chromium;
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** A screen of this width and theme, from the next page on. */
    void screen(int width, boolean dark) {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", width < 600));
        media("screen", dark);
    }

    /** On paper, or on a screen. */
    void media(String media, boolean dark) {
        call(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "media",
                        media,
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    void open(URI page) {
        loaded = false;
        call("Page.navigate", Map.of("url", page.toString()));
        while (!loaded) {
            hear();
        }
    }

    /** What the page's document answers to an expression, although the page itself may run no script. */
    JsonNode ask(String expression) {
        JsonNode answer = call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new IllegalStateException(answer.toString());
        }
        return answer.path("result").path("value");
    }

    /** The whole page, as PNG. */
    byte[] picture() {
        JsonNode answer = call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
        return Base64.getDecoder().decode(answer.path("data").asText());
    }

    /** What the browser had to say against pages so far, such as violations of their content security policy. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Ends it with all its helpers: one that still writes keeps its profile from being removed. */
    @Override
    public void close() {
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        socket.abort();
        process.destroy();
        all.forEach(one -> one.onExit()
                .completeOnTimeout(one, GRACE.toMillis(), TimeUnit.MILLISECONDS)
                .thenAccept(ProcessHandle::destroyForcibly)
                .join());
        CompletableFuture.allOf(all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                .orTimeout(GRACE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    private JsonNode call(String method, Map<String, ?> parameters) {
        int id = ++calls;
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", JSON.valueToTree(parameters));
        socket.sendText(message.toString(), true).join();
        while (true) {
            JsonNode heard = hear();
            if (heard.path("id").asInt() == id) {
                if (heard.has("error")) {
                    throw new IllegalStateException(method + ": " + heard.path("error"));
                }
                return heard.path("result");
            }
        }
    }

    private JsonNode hear() {
        try {
            JsonNode message = messages.poll(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
            if (message == null) {
                throw new IllegalStateException("Chromium does not answer");
            }
            switch (message.path("method").asText()) {
                case "Page.loadEventFired" -> loaded = true;
                case "Log.entryAdded", "Runtime.exceptionThrown", "Audits.issueAdded" -> complaints.add(
                        message.path("params").toString());
                default -> {}
            }
            return message;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int port(Process process, Path file) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + ANSWER.toNanos();
        while (System.nanoTime() < deadline && process.isAlive()) {
            if (Files.exists(file) && Files.size(file) > 0) {
                return Integer.parseInt(Files.readAllLines(file).get(0));
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new IllegalStateException("Chromium did not start: see " + file.resolveSibling("output"));
    }

    private static URI pageOf(int port) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                .timeout(ANSWER)
                .build();
        String answer = HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body();
        for (JsonNode target : JSON.readTree(answer)) {
            if (target.path("type").asText().equals("page")) {
                return URI.create(target.path("webSocketDebuggerUrl").asText());
            }
        }
        throw new IllegalStateException("Chromium shows no page: " + answer);
    }

    /** Puts whole messages into a queue. */
    private static final class Ear implements WebSocket.Listener {
        private final BlockingQueue<JsonNode> messages;
        private final StringBuilder parts = new StringBuilder();

        Ear(BlockingQueue<JsonNode> messages) {
            this.messages = messages;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                try {
                    messages.add(JSON.readTree(parts.toString()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                parts.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }
}
