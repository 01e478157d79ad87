package io.pitstop.prove.check;

import io.pitstop.demo.Stage;
import io.pitstop.release.Colour;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Users are where a step says that they are, and what serves nobody any more does not run. */
public final class UsersCheck {
    private static final int PATIENCE_MS = 500;

    private UsersCheck() {}

    /** The router is asked itself, past the agent. */
    public static List<String> allOn(Colour colour, Stage stage) {
        String all = "\"" + colour + "\":100,";
        String last = "\"" + colour + "\":100}";
        String split = split(stage).replaceAll("\\s", "");
        return split.contains(all) || split.contains(last)
                ? List.of()
                : List.of("users: the step says that all are on " + colour + ", but the router serves " + split);
    }

    /** Contract takes down what it was told to. */
    public static List<String> gone(Colour colour, Stage stage) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), stage.port(colour)), PATIENCE_MS);
            return List.of("left behind: " + colour + " still runs");
        } catch (IOException e) {
            return List.of();
        }
    }

    private static String split(Stage stage) {
        Path token = stage.folder().resolve("run/blog-proxy/token");
        try {
            HttpRequest request = HttpRequest.newBuilder(stage.admin().resolve("/split"))
                    .timeout(Duration.ofSeconds(5))
                    .header("Authorization", "Bearer " + Files.readString(token).strip())
                    .build();
            return HttpClient.newHttpClient()
                    .send(request, BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException("the router cannot be asked", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "(interrupted)";
        }
    }
}
