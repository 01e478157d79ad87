package io.pitstop.jenkins;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers what test/jenkins/run.sh asks a controller, in the way Jenkins does as far as the script depends on it: crumbs
 * are bound to a session, a build with parameters is another call than one without, the id of an input has a capital
 * first letter, who may not approve gets 400, builds survive a crash. It runs no pipeline. Uses nothing but the JDK, as
 * it is started from a jar of its own.
 */
public final class StandInController {
    private static final String INPUT = "input ";
    private static final String CRASH = "crash";

    /** What a build goes through, by the name of its job: inputs, and a bake that only a crash of the controller ends. */
    private static final Map<String, List<String>> BUILDS = Map.of(
            "release", List.of(INPUT + "switch-traffic", CRASH, INPUT + "contract"),
            "rollback", List.of(INPUT + "roll-back"),
            "scripted", List.of(INPUT + "switch-traffic", INPUT + "contract"));

    private final Path home = Path.of(System.getenv("JENKINS_HOME"));
    private final String password = System.getenv("TEST_PASSWORD");
    private final String fails = System.getenv().getOrDefault("STAND_IN_FAILS", "none");
    private final Map<String, String> crumbs = new ConcurrentHashMap<>();

    private StandInController() {}

    public static void main(String[] arguments) throws IOException {
        if (System.getenv("STAND_IN_FAILS") != null
                && System.getenv("STAND_IN_FAILS").equals("start")) {
            System.out.println("Jenkins cannot start");
            return;
        }
        new StandInController().start(option(arguments, "--httpListenAddress"), option(arguments, "--httpPort"));
    }

    private void start(String address, String port) throws IOException {
        Files.createDirectories(home.resolve("jobs"));
        for (Path build : list("builds")) {
            if (phase(build).equals(CRASH)) {
                advance(build);
            }
        }
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getByName(address), Integer.parseInt(port)), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String user = user(exchange);
            String path = exchange.getRequestURI().getPath();
            if (user == null) {
                send(exchange, 401, "who are you?");
            } else if (exchange.getRequestMethod().equals("GET")) {
                get(exchange, path);
            } else if (!hasCrumb(exchange)) {
                send(exchange, 403, "No valid crumb was included in the request");
            } else {
                post(exchange, path, user);
            }
        }
    }

    private void get(HttpExchange exchange, String path) throws IOException {
        if (path.equals("/api/json")) {
            send(exchange, 200, "{\"_class\":\"hudson.model.Hudson\",\"mode\":\"NORMAL\"}");
        } else if (path.equals("/crumbIssuer/api/json")) {
            String session = UUID.randomUUID().toString();
            crumbs.put(session, UUID.randomUUID().toString());
            exchange.getResponseHeaders().add("Set-Cookie", "JSESSIONID=" + session + "; Path=/; HttpOnly");
            send(exchange, 200, "{\"crumb\":\"" + crumbs.get(session) + "\",\"crumbRequestField\":\"Jenkins-Crumb\"}");
        } else if (path.matches("/job/[^/]+/job/[^/]+/api/json")) {
            send(exchange, 200, hasParameters(path) ? "{\"property\":[{\"name\":\"X\"}]}" : "{\"property\":[{}]}");
        } else if (!Files.exists(build(path))) {
            send(exchange, 404, "no such build");
        } else if (path.endsWith("/wfapi/pendingInputActions")) {
            String phase = phase(build(path));
            String id = phase.startsWith(INPUT) ? capital(phase.substring(INPUT.length())) : "";
            send(exchange, 200, id.isEmpty() ? "[]" : "[{\"id\":\"" + id + "\",\"inputs\":[]}]");
        } else if (path.endsWith("/consoleText")) {
            send(exchange, 200, phase(build(path)).equals(CRASH) ? "  baking at blue 95 %\n" : "Done.\n");
        } else {
            String phase = phase(build(path));
            boolean ended = phase.matches("[A-Z]+");
            send(
                    exchange,
                    200,
                    "{\"building\":" + !ended + ",\"result\":" + (ended ? "\"" + phase + "\"" : null) + "}");
        }
    }

    private void post(HttpExchange exchange, String path, String user) throws IOException {
        if (path.endsWith("/createItem")) {
            String name = exchange.getRequestURI().getQuery().replace("name=", "");
            String folder = path.replace("/createItem", "").replace("/job/", "");
            byte[] config = exchange.getRequestBody().readAllBytes();
            Files.write(home.resolve("jobs").resolve((folder.isEmpty() ? "" : folder + "+") + name), config);
            send(exchange, sourcesExist(new String(config, StandardCharsets.UTF_8)) ? 200 : 500, "");
        } else if (path.endsWith("/createCredentials")) {
            send(exchange, 200, "");
        } else if (path.endsWith("/build") || path.endsWith("/buildWithParameters")) {
            boolean asked = path.endsWith("/buildWithParameters");
            if (asked != hasParameters(path)) {
                send(exchange, 400, "this job is not of that kind");
                return;
            }
            Files.createDirectories(home.resolve("builds"));
            Files.writeString(build(path), "0");
            send(exchange, 201, "");
        } else if (user.equals("bob")) {
            send(exchange, 400, "You need to be release-managers to submit this.");
        } else {
            decide(exchange, path);
        }
    }

    private void decide(HttpExchange exchange, String path) throws IOException {
        Path build = build(path);
        String phase = phase(build);
        String form = URLDecoder.decode(
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        boolean meant =
                phase.startsWith(INPUT) && path.contains("/input/" + capital(phase.substring(INPUT.length())) + "/");
        if (!meant) {
            send(exchange, 404, "no such input");
        } else if (path.endsWith("/abort")) {
            Files.writeString(build, "ABORTED");
            send(exchange, 200, "");
        } else if (path.endsWith("/submit") && form.contains("proceed=") && form.contains("json={")) {
            advance(build);
            send(exchange, 302, "");
        } else {
            send(exchange, 500, "the form is missing");
        }
    }

    /** What stands in the build's file: the number of its phase, or how it ended. */
    private String phase(Path build) throws IOException {
        String state = Files.readString(build);
        if (state.matches("[A-Z]+")) {
            return state;
        }
        String job = build.getFileName().toString().replaceAll(".*\\+", "");
        List<String> phases = BUILDS.getOrDefault(job, List.of());
        int number = Integer.parseInt(state);
        return number < phases.size() ? phases.get(number) : job.equals(fails) ? "FAILURE" : "SUCCESS";
    }

    private void advance(Path build) throws IOException {
        Files.writeString(build, String.valueOf(Integer.parseInt(Files.readString(build)) + 1));
    }

    private Path build(String path) {
        String[] parts = path.split("/");
        return home.resolve("builds").resolve(parts[2] + "+" + parts[4]);
    }

    private boolean hasParameters(String path) throws IOException {
        String[] parts = path.split("/");
        return Files.readString(home.resolve("jobs").resolve(parts[2] + "+" + parts[4]))
                .contains("ParameterDefinition>");
    }

    /** A job's script lies in its repository, and a folder's library has steps. */
    private boolean sourcesExist(String config) throws IOException {
        String repository = config.replaceAll("(?s).*<(url|remote)>(.*?)<.*", "$2");
        String file = config.replaceAll("(?s).*<scriptPath>(.*?)<.*", "$1");
        if (repository.equals(config)) {
            return true;
        }
        String wanted = file.equals(config) ? "vars/rollback.groovy" : file;
        try {
            return new ProcessBuilder("git", "-C", repository, "cat-file", "-e", "main:" + wanted)
                            .inheritIO()
                            .start()
                            .waitFor()
                    == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private List<Path> list(String folder) throws IOException {
        Path path = home.resolve(folder);
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (var files = Files.list(path)) {
            return files.toList();
        }
    }

    private String user(HttpExchange exchange) {
        String header = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        String[] given = new String(
                        Base64.getDecoder().decode(header.replace("Basic ", "").replace("null", "")))
                .split(":", 2);
        return given.length == 2 && given[1].equals(password) ? given[0] : null;
    }

    private boolean hasCrumb(HttpExchange exchange) {
        String cookie = String.valueOf(exchange.getRequestHeaders().getFirst("Cookie"));
        String crumb = exchange.getRequestHeaders().getFirst("Jenkins-Crumb");
        return crumb != null && crumb.equals(crumbs.get(cookie.replaceAll(".*JSESSIONID=([^;]*).*", "$1")));
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private static String capital(String id) {
        return Character.toUpperCase(id.charAt(0)) + id.substring(1);
    }

    private static String option(String[] arguments, String name) {
        for (String argument : arguments) {
            if (argument.startsWith(name + "=")) {
                return argument.substring(name.length() + 1);
            }
        }
        throw new IllegalArgumentException(name + " is missing");
    }
}
