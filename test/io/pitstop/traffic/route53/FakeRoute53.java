package io.pitstop.traffic.route53;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pitstop.aws.Aws;
import io.pitstop.config.AwsConfig;
import io.pitstop.release.Colour;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** As much of Route 53's API as moving weights takes: REST with XML, of version 2013-04-01. One zone, Z1. */
final class FakeRoute53 implements AutoCloseable {
    private static final String ZONE = "/2013-04-01/hostedzone/Z1/rrset";
    private static final String CHANGE = "/2013-04-01/change/";
    private static final String HEALTH = "/2013-04-01/healthcheck/";

    private final HttpServer server;
    private final FakeZone zone = new FakeZone();
    private final Map<Colour, String> reports = new EnumMap<>(Colour.class);
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> before = new ConcurrentLinkedQueue<>();
    private final List<String> orders = new CopyOnWriteArrayList<>();
    private final List<String> held = new CopyOnWriteArrayList<>();
    private final AtomicInteger pending = new AtomicInteger();
    private volatile int readsUntilInSync = 1;
    private volatile String healthCheckType = "HTTPS";

    /** What happens to the next order, instead of being taken and answered. */
    enum Fault {
        THROTTLED,
        PRIOR_REQUEST_NOT_COMPLETE,
        LOST,
        ANSWER_LOST,
        /** Lost until it {@link #arrive() arrives}. */
        LATE
    }

    /** All users are at blue; both colours are healthy. */
    FakeRoute53() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        zone.add(record("blue", 100));
        zone.add(record("green", 0));
        zone.add("<Name>a.example.com.</Name><Type>A</Type><TTL>5</TTL>" + FakeZone.values("192.0.2.9"));
        zone.add("<Name>z.example.com.</Name><Type>TXT</Type><TTL>5</TTL>" + FakeZone.values("\"z\""));
        for (Colour colour : Colour.values()) {
            report(colour, "Success: HTTP Status Code 200, OK");
        }
        server.createContext("/", this::answer);
        server.start();
    }

    static String record(String identifier, int weight) {
        return "<Name>shop.example.com.</Name><Type>A</Type><SetIdentifier>" + identifier + "</SetIdentifier><Weight>"
                + weight + "</Weight><TTL>30</TTL>" + FakeZone.values("192.0.2.1", "192.0.2.2")
                + "<HealthCheckId>check-"
                + identifier + "</HealthCheckId>";
    }

    /** Clients that know no other AWS. */
    Aws aws() {
        return new Aws(
                new AwsConfig(Optional.empty(), Optional.empty(), Optional.empty()),
                client -> client.endpointOverride(URI.create(
                                "http://127.0.0.1:" + server.getAddress().getPort()))
                        .region(Region.US_EAST_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(AwsBasicCredentials.create("nobody", "nothing"))));
    }

    FakeZone zone() {
        return zone;
    }

    FakeRoute53 then(Fault fault) {
        faults.add(fault);
        return this;
    }

    void beforeNextOrder(Runnable action) {
        before.add(action);
    }

    /** Bodies of all orders, taken or not. */
    List<String> orders() {
        return orders;
    }

    void report(Colour colour, String status) {
        reports.put(colour, status);
    }

    void checkBy(String type) {
        healthCheckType = type;
    }

    /** How often a change is asked for until all servers have it. */
    void readsUntilInSync(int reads) {
        readsUntilInSync = reads;
    }

    boolean isInSync() {
        return pending.get() <= 0;
    }

    /** What became of the late orders, now that they come. */
    List<String> arrive() {
        List<String> outcomes = new ArrayList<>();
        held.forEach(body -> outcomes.add(zone.change(body)));
        held.clear();
        return outcomes;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange call) throws IOException {
        String path = call.getRequestURI().getPath().replaceAll("/$", "");
        String body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        try (call) {
            if (path.equals(ZONE) && call.getRequestMethod().equals("POST")) {
                order(call, body);
            } else if (path.equals(ZONE)) {
                respond(call, 200, zone.page(call.getRequestURI().getQuery()));
            } else if (path.startsWith(CHANGE)) {
                respond(call, 200, change("GetChangeResponse", pending.decrementAndGet() > 0 ? "PENDING" : "INSYNC"));
            } else if (path.startsWith(HEALTH)) {
                respond(call, 200, health(path.substring(HEALTH.length())));
            } else {
                respond(call, 404, error("NoSuchHostedZone", "No hosted zone found with ID"));
            }
        }
    }

    private void order(HttpExchange call, String body) throws IOException {
        orders.add(body);
        Runnable action = before.poll();
        if (action != null) {
            action.run();
        }
        Fault fault = faults.poll();
        if (fault == null) {
            String refusal = take(body);
            if (refusal.isEmpty()) {
                respond(call, 200, change("ChangeResourceRecordSetsResponse", "PENDING"));
            } else {
                respond(call, 400, error("InvalidChangeBatch", "[" + refusal + "]"));
            }
            return;
        }
        switch (fault) {
            case THROTTLED -> respond(call, 400, error("Throttling", "Rate exceeded"));
            case PRIOR_REQUEST_NOT_COMPLETE -> respond(
                    call,
                    400,
                    error("PriorRequestNotComplete", "The request was rejected because Route 53 was still busy."));
            case LOST -> {} // the connection ends without an answer
            case ANSWER_LOST -> take(body);
            case LATE -> held.add(body);
        }
    }

    private String take(String body) {
        pending.set(readsUntilInSync);
        return zone.change(body);
    }

    private String health(String path) {
        Colour colour = path.startsWith("check-blue") ? Colour.BLUE : Colour.GREEN;
        if (path.endsWith("/status")) {
            StringBuilder observations = new StringBuilder();
            for (String report : reports.get(colour).split("\\|")) {
                observations
                        .append("<HealthCheckObservation><Region>eu-west-1</Region><StatusReport><Status>")
                        .append(report)
                        .append("</Status></StatusReport></HealthCheckObservation>");
            }
            return "<GetHealthCheckStatusResponse><HealthCheckObservations>" + observations
                    + "</HealthCheckObservations></GetHealthCheckStatusResponse>";
        }
        return "<GetHealthCheckResponse><HealthCheck><Id>" + path + "</Id><HealthCheckConfig><Type>" + healthCheckType
                + "</Type></HealthCheckConfig></HealthCheck></GetHealthCheckResponse>";
    }

    private static String change(String element, String status) {
        return "<" + element + "><ChangeInfo><Id>/change/C1</Id><Status>" + status
                + "</Status><SubmittedAt>2026-01-01T00:00:00Z</SubmittedAt></ChangeInfo></" + element + ">";
    }

    private static String error(String code, String message) {
        return "<ErrorResponse><Error><Type>Sender</Type><Code>" + code + "</Code><Message>" + message
                + "</Message></Error><RequestId>r</RequestId></ErrorResponse>";
    }

    private static void respond(HttpExchange call, int status, String body) throws IOException {
        byte[] bytes = ("<?xml version=\"1.0\"?>\n" + body).getBytes(StandardCharsets.UTF_8);
        call.getResponseHeaders().add("Content-Type", "text/xml");
        call.sendResponseHeaders(status, bytes.length);
        call.getResponseBody().write(bytes);
    }
}
