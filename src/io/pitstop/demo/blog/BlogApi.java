package io.pitstop.demo.blog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.undertow.Handlers;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/** The blog's HTTP interface, the same for both versions. */
final class BlogApi {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpString COLOUR = new HttpString("X-Colour");
    private static final HttpString VERSION = new HttpString("X-Version");
    private static final int HEALTH_SECONDS = 1;
    private static final int MOST_POSTS = 1_000;

    private final BlogSettings settings;
    private final DataSource database;
    private final Posts posts;

    BlogApi(BlogSettings settings, DataSource database, Posts posts) {
        this.settings = settings;
        this.database = database;
        this.posts = posts;
    }

    HttpHandler routes() {
        return Handlers.routing()
                .post("/posts", answering(this::create))
                .put("/posts/{id}", answering(this::edit))
                .get("/posts/{id}", answering(this::read))
                .get("/authors/{email}/posts", answering(this::list))
                .get("/health", answering(this::health))
                .get("/version", answering((exchange, connections) -> version()))
                .setFallbackHandler(answering((exchange, connections) -> notFound("There is nothing here.")));
    }

    private Answer create(HttpServerExchange exchange, Connections connections) throws SQLException, IOException {
        Draft draft = draft(exchange);
        try (Connection connection = connections.open()) {
            return new Answer(201, Post.of(posts.create(connection, draft), draft));
        }
    }

    private Answer edit(HttpServerExchange exchange, Connections connections) throws SQLException, IOException {
        long id = Long.parseLong(parameter(exchange, "id").orElseThrow());
        Draft draft = draft(exchange);
        try (Connection connection = connections.open()) {
            return posts.edit(connection, id, draft) ? new Answer(200, Post.of(id, draft)) : noPost(id);
        }
    }

    private Answer read(HttpServerExchange exchange, Connections connections) throws SQLException {
        long id = Long.parseLong(parameter(exchange, "id").orElseThrow());
        try (Connection connection = connections.open()) {
            return posts.find(connection, id).map(post -> new Answer(200, post)).orElseGet(() -> noPost(id));
        }
    }

    private Answer list(HttpServerExchange exchange, Connections connections) throws SQLException {
        String email = parameter(exchange, "email").orElseThrow();
        int limit = parameter(exchange, "limit").map(Integer::parseInt).orElse(20);
        if (limit < 1 || limit > MOST_POSTS) {
            throw new IllegalArgumentException("limit is " + limit + ", not 1 to " + MOST_POSTS);
        }
        try (Connection connection = connections.open()) {
            return new Answer(200, posts.by(connection, email, limit));
        }
    }

    private Answer health(HttpServerExchange exchange, Connections connections) throws SQLException {
        try (Connection connection = connections.open()) {
            return connection.isValid(HEALTH_SECONDS)
                    ? new Answer(200, Map.of("status", "up"))
                    : new Answer(503, Map.of("status", "down", "error", "The database does not answer."));
        }
    }

    private Answer version() {
        return new Answer(200, Map.of("version", settings.version(), "colour", settings.colour()));
    }

    private static Answer noPost(long id) {
        return notFound("There is no post " + id + ".");
    }

    private static Answer notFound(String error) {
        return new Answer(404, Map.of("error", error));
    }

    private static Draft draft(HttpServerExchange exchange) throws IOException {
        return JSON.readValue(exchange.getInputStream(), Draft.class).complete();
    }

    private static Optional<String> parameter(HttpServerExchange exchange, String name) {
        return Optional.ofNullable(exchange.getQueryParameters().get(name)).map(values -> values.getFirst());
    }

    /** Turns whatever becomes of a request into an answer that says which colour gave it. */
    private HttpHandler answering(Endpoint endpoint) {
        return exchange -> {
            exchange.getResponseHeaders().put(COLOUR, settings.colour()).put(VERSION, settings.version());
            exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
            Answer answer;
            try {
                answer = endpoint.answer(exchange, database::getConnection);
            } catch (JsonProcessingException | IllegalArgumentException e) {
                answer = new Answer(400, Map.of("error", String.valueOf(e.getMessage())));
            } catch (SQLException e) {
                System.err.println(exchange.getRequestMethod() + " " + exchange.getRequestPath() + ": " + e);
                answer = new Answer(500, Map.of("error", String.valueOf(e.getMessage())));
            }
            exchange.setStatusCode(answer.status());
            exchange.getResponseSender().send(JSON.writeValueAsString(answer.body()));
        };
    }

    /** Answers one kind of request. */
    private interface Endpoint {
        Answer answer(HttpServerExchange exchange, Connections connections) throws SQLException, IOException;
    }

    /** Opened as late as possible: a request that is still being sent must not hold one of the few connections. */
    private interface Connections {
        Connection open() throws SQLException;
    }

    private record Answer(int status, Object body) {}
}
