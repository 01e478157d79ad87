package io.pitstop.proxy;

import io.pitstop.error.InvalidConfig;
import io.pitstop.release.Colour;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a proxy needs to know.
 *
 * @param listen where it takes the requests of users; port 0 for any free port
 * @param admin where it takes orders; loopback; port 0 for any free port
 * @param blue address and path of blue's health check; users' requests go to the same address
 * @param green the same of green
 * @param stateDir folder that keeps the split and the token; made if it is missing
 * @param initial the colour that gets all traffic if the folder holds no split yet
 */
public record ProxyConfig(
        InetSocketAddress listen,
        InetSocketAddress admin,
        URI blue,
        URI green,
        Path stateDir,
        Colour initial,
        Limits limits) {
    /**
     * How long things may take.
     *
     * @param checkInterval from one health check of a colour to its next
     * @param check the longest wait for the answer to a health check
     * @param request the longest time for one request as a whole, bodies included
     * @param drain the longest wait for requests in flight when the proxy stops
     */
    public record Limits(Duration checkInterval, Duration check, Duration request, Duration drain) {
        public static Limits byDefault() {
            return new Limits(
                    Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofSeconds(10));
        }
    }

    /** @throws InvalidConfig if a colour has no health check, or if orders could come from another machine */
    public ProxyConfig {
        requireHealthCheck(Colour.BLUE, blue);
        requireHealthCheck(Colour.GREEN, green);
        if (admin.getAddress() == null || !admin.getAddress().isLoopbackAddress()) {
            throw new InvalidConfig(
                    "The admin endpoint would listen on " + admin.getHostString() + ", where others can reach it.",
                    "Give it a loopback address, such as 127.0.0.1:8081.");
        }
    }

    URI healthCheckOf(Colour colour) {
        return colour == Colour.BLUE ? blue : green;
    }

    private static void requireHealthCheck(Colour colour, URI url) {
        if (!"http".equals(url.getScheme()) || url.getHost() == null || url.getPort() < 1) {
            throw new InvalidConfig(
                    "The address of " + colour + " is " + url + ".",
                    "Write it as http://127.0.0.1:8080/health, with the port and the path of its health check.");
        }
        if (url.getRawPath() == null || url.getRawPath().isEmpty()) {
            throw new InvalidConfig(
                    "The address of " + colour + " is " + url + ": " + colour + " has no health check.",
                    "Add the path that answers 200 while " + colour + " can serve, such as " + url + "/health.");
        }
    }
}
