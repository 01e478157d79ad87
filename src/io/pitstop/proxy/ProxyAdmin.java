package io.pitstop.proxy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pitstop.release.Colour;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Tells and moves the split, and tells how the colours are doing. Every call needs {@code Authorization: Bearer token}.
 *
 * <ul>
 *   <li>{@code GET /split}: {@code {"blue":100,"green":0,"version":7}}
 *   <li>{@code PUT /split}: {@code {"blue":95,"green":5}}, and optionally {@code "expected":{"blue":100,"green":0}}, which
 *       may have a {@code "version"} too. Answers as GET does; the version rises also if the split was there already, so
 *       that an order which expects an earlier one is refused however late it comes. 400 if it is not a split, 409 with
 *       {@code "error"} {@code "changed"} if the split is not the expected one, or {@code "unhealthy"} if it would give
 *       more traffic to a colour that is not healthy; both with the split that holds.
 *   <li>{@code GET /colours/blue}: health, and counts since the start of the proxy
 * </ul>
 */
final class ProxyAdmin implements HttpHandler {
    private static final int LONGEST_ORDER_BYTES = 4_096;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final byte[] authorization;
    private final LiveSplit split;
    private final Map<Colour, Upstream> upstreams;

    ProxyAdmin(String token, LiveSplit split, Map<Colour, Upstream> upstreams) {
        this.authorization = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
        this.split = split;
        this.upstreams = upstreams;
    }

    /** What goes back to the caller. */
    private record Answer(int status, ObjectNode body) {}

    /** A split that somebody wants, and the one that they believe holds. */
    private record Order(Shares target, Optional<Expected> expected) {}

    private record Expected(Shares shares, OptionalLong version) {
        boolean holds(VersionedShares now) {
            return shares.equals(now.shares()) && version.orElse(now.version()) == now.version();
        }
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        if (exchange.isInIoThread()) {
            exchange.dispatch(this); // an order waits for the disk; users' requests must not
            return;
        }
        Answer answer = isAuthorized(exchange) ? answer(exchange) : unauthorized(exchange);
        exchange.setStatusCode(answer.status());
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
        exchange.getResponseSender().send(answer.body() + "\n");
    }

    private boolean isAuthorized(HttpServerExchange exchange) {
        String given = exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION);
        return given != null && MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), authorization);
    }

    private static Answer unauthorized(HttpServerExchange exchange) {
        exchange.getResponseHeaders().put(Headers.WWW_AUTHENTICATE, "Bearer");
        return refusal(StatusCodes.UNAUTHORIZED, "unauthorized", "the token is missing or wrong");
    }

    private Answer answer(HttpServerExchange exchange) {
        String call = exchange.getRequestMethod() + " " + exchange.getRequestPath();
        return switch (call) {
            case "GET /split" -> ok(describe(split.versioned()));
            case "PUT /split" -> move(exchange);
            case "GET /colours/blue" -> ok(describe(upstreams.get(Colour.BLUE)));
            case "GET /colours/green" -> ok(describe(upstreams.get(Colour.GREEN)));
            default -> refusal(StatusCodes.NOT_FOUND, "unknown", "there is no " + call);
        };
    }

    private Answer move(HttpServerExchange exchange) {
        Order order;
        try {
            exchange.startBlocking();
            order = order(exchange.getInputStream().readNBytes(LONGEST_ORDER_BYTES));
        } catch (JsonProcessingException e) {
            return refusal(StatusCodes.BAD_REQUEST, "invalid", "the body is not JSON: " + e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            return refusal(StatusCodes.BAD_REQUEST, "invalid", e.getMessage());
        } catch (IOException e) {
            return refusal(StatusCodes.BAD_REQUEST, "invalid", "the body broke off");
        }
        return move(order);
    }

    private synchronized Answer move(Order order) {
        VersionedShares now = split.versioned();
        if (order.expected().isPresent() && !order.expected().get().holds(now)) {
            return conflict("changed", "the split is no longer the expected one", now);
        }
        for (Colour colour : Colour.values()) {
            Health.State health = upstreams.get(colour).health().state();
            if (order.target().of(colour) > now.shares().of(colour) && !health.healthy()) {
                return conflict("unhealthy", colour + " is not healthy: " + health.reason(), now);
            }
        }
        try {
            return ok(describe(split.move(order.target())));
        } catch (IOException e) {
            return refusal(
                    StatusCodes.INTERNAL_SERVER_ERROR, "not saved", "the split stays, it could not be saved: " + e);
        }
    }

    synchronized void show(Picture wanted) throws IOException {
        upstreams.get(Colour.BLUE).aimAt(wanted.blue());
        upstreams.get(Colour.GREEN).aimAt(wanted.green());
        Shares shares = new Shares(wanted.bluePercent(), 100 - wanted.bluePercent());
        if (!split.now().equals(shares)) {
            split.move(shares);
        }
    }

    private static Order order(byte[] body) throws IOException {
        JsonNode json = JSON.readTree(body);
        Optional<Expected> expected =
                json.has("expected") ? Optional.of(expected(json.get("expected"))) : Optional.empty();
        return new Order(shares(json, "expected"), expected);
    }

    private static Expected expected(JsonNode json) {
        Shares shares = shares(json, "version");
        if (!json.has("version")) {
            return new Expected(shares, OptionalLong.empty());
        }
        JsonNode version = json.get("version");
        if (!version.isIntegralNumber() || !version.canConvertToLong() || version.longValue() < 0) {
            throw new IllegalArgumentException("version must be a whole number from 0");
        }
        return new Expected(shares, OptionalLong.of(version.longValue()));
    }

    private static Shares shares(JsonNode json, String alsoAllowed) {
        for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!Set.of("blue", "green").contains(name) && !alsoAllowed.equals(name)) {
                throw new IllegalArgumentException("a split has no field " + name);
            }
        }
        for (String name : List.of("blue", "green")) {
            if (!json.path(name).isInt()) {
                throw new IllegalArgumentException(name + " must be a whole number from 0 to 100");
            }
        }
        return new Shares(json.get("blue").intValue(), json.get("green").intValue());
    }

    private static ObjectNode describe(VersionedShares shares) {
        return JSON.createObjectNode()
                .put("blue", shares.blue())
                .put("green", shares.green())
                .put("version", shares.version());
    }

    private static ObjectNode describe(Upstream upstream) {
        Health.State health = upstream.health().state();
        Tally.Totals totals = upstream.tally().totals();
        return JSON.createObjectNode()
                .put("colour", upstream.colour().toString())
                .put("url", upstream.healthCheck().toString())
                .put("healthy", health.healthy())
                .put("reason", health.reason())
                .put("series", upstream.tally().series())
                .put("requests", totals.requests())
                .put("failures", totals.failures())
                .put("diverted", totals.diverted())
                .put("inFlight", totals.inFlight())
                .put("p50Ms", totals.latency().percentileMs(50))
                .put("p95Ms", totals.latency().percentileMs(95))
                .put("p99Ms", totals.latency().percentileMs(99))
                .put("latency", totals.latency().encoded());
    }

    private static Answer ok(ObjectNode body) {
        return new Answer(StatusCodes.OK, body);
    }

    private static Answer refusal(int status, String error, String reason) {
        return new Answer(status, JSON.createObjectNode().put("error", error).put("reason", reason));
    }

    private static Answer conflict(String error, String reason, VersionedShares now) {
        Answer refusal = refusal(StatusCodes.CONFLICT, error, reason);
        refusal.body().setAll(describe(now));
        return refusal;
    }
}
