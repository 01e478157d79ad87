package io.pitstop.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The emulator of AWS, moto, in a process of its own. Tests that need it are skipped, with the reason, where it is not
 * installed.
 *
 * <p>It speaks the query protocol of load balancers. CloudWatch's client in the SDK 2.57 speaks Smithy RPC v2 with CBOR, to
 * which moto 5.2 answers 404: for its counts of requests there is {@link FakeElb}.
 */
public final class Moto implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final URI address;
    private final Process server;
    private final Path log;

    private Moto(int port, Path log) throws IOException {
        this.address = URI.create("http://127.0.0.1:" + port);
        this.log = log;
        this.server = new ProcessBuilder("python3", "-m", "moto.server", "-H", "127.0.0.1", "-p", String.valueOf(port))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /** Starts it, or skips the test that asks. */
    public static Moto start() {
        assumeTrue(isInstalled(), "skipped: the emulator moto is not installed (pip install 'moto[server]')");
        try {
            Moto moto = new Moto(freePort(), Files.createTempFile("moto", ".log"));
            moto.awaitStart();
            return moto;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI address() {
        return address;
    }

    /** Clients that talk to it. */
    public Aws aws() {
        return FakeElb.aws(address, Duration.ofSeconds(20), Duration.ofSeconds(40));
    }

    /** The subnets of the VPC that every account has, in its first region. */
    public List<String> subnets() {
        return found("DescribeSubnets", "subnetId");
    }

    /** The VPC that every account has. */
    public String vpc() {
        return found("DescribeVpcs", "vpcId").get(0);
    }

    /** Values of an element in an answer of EC2, for which there is no client here. */
    private List<String> found(String action, String element) {
        String scope =
                "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/ec2/aws4_request, SignedHeaders=host, Signature=0";
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(PATIENCE)
                .header("Authorization", scope)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("Action=" + action + "&Version=2016-11-15"))
                .build();
        try {
            String told = HttpClient.newHttpClient()
                    .send(request, BodyHandlers.ofString())
                    .body();
            return Pattern.compile("<" + element + ">([^<]+)<")
                    .matcher(told)
                    .results()
                    .map(match -> match.group(1))
                    .distinct()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Forgets everything. */
    public void reset() {
        assertThat(status(HttpRequest.newBuilder(address.resolve("/moto-api/reset"))
                        .POST(BodyPublishers.noBody())))
                .isEqualTo(200);
    }

    @Override
    public void close() {
        server.destroy();
        try {
            if (!server.waitFor(10, TimeUnit.SECONDS)) {
                server.destroyForcibly();
            }
            Files.deleteIfExists(log);
        } catch (InterruptedException e) {
            server.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isInstalled() {
        try {
            Process python = new ProcessBuilder("python3", "-c", "import moto.server")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return python.waitFor(30, TimeUnit.SECONDS) && python.exitValue() == 0;
        } catch (IOException e) {
            return false; // no python
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitStart() throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (status(HttpRequest.newBuilder(address.resolve("/moto-api/data.json"))) != 200) {
            assertThat(server.isAlive() && System.nanoTime() < end)
                    .as("moto does not start: " + Files.readString(log))
                    .isTrue();
            pause();
        }
    }

    /** 0 without an answer. */
    private static int status(HttpRequest.Builder request) {
        try {
            return HttpClient.newHttpClient()
                    .send(request.timeout(PATIENCE).build(), BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
