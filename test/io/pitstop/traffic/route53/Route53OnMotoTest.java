package io.pitstop.traffic.route53;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pitstop.aws.Aws;
import io.pitstop.config.AwsConfig;
import io.pitstop.config.PerColour;
import io.pitstop.config.Route53Config;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TargetHealth;
import io.pitstop.traffic.TrafficRouter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.Change;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.HealthCheckType;
import software.amazon.awssdk.services.route53.model.RRType;
import software.amazon.awssdk.services.route53.model.ResourceRecord;

/** By the SDK, against the emulator moto, which takes Route 53's API from AWS' own description. */
class Route53OnMotoTest {
    @Test
    void users_move_to_green_step_by_step_and_back() throws Exception {
        assumeTrue(isInstalled(), "moto is not installed: pip install 'moto[server]'");
        int port = freePort();
        Process moto = new ProcessBuilder("python3", "-m", "moto.server", "-H", "127.0.0.1", "-p", "" + port)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            awaitPort(moto, port);
            moveAround(aws(port));
        } finally {
            moto.destroy();
            if (!moto.waitFor(10, TimeUnit.SECONDS)) {
                moto.destroyForcibly();
            }
        }
    }

    private static void moveAround(Aws aws) {
        Route53Client dns = aws.dns();
        String zone = dns.createHostedZone(
                        request -> request.name("example.com").callerReference("1"))
                .hostedZone()
                .id();
        record(dns, zone, "blue", 100);
        record(dns, zone, "green", 0);
        TrafficRouter router = new Route53Router(
                new Route53Config(
                        zone, "shop.example.com", "A", new PerColour("blue", "green"), Duration.ofSeconds(10)),
                () -> dns,
                Duration.ofMillis(10));
        assertThat(router.split()).isEqualTo(Split.allTo(BLUE));
        assertThat(router.health(GREEN)).isEqualTo(new TargetHealth(1, 1, ""));

        for (int percent : List.of(5, 50, 100, 0)) {
            router.shift(Split.giving(GREEN, percent));

            assertThat(router.split()).isEqualTo(Split.giving(GREEN, percent));
        }
    }

    private static void record(Route53Client dns, String zone, String identifier, long weight) {
        String check = dns.createHealthCheck(request -> request.callerReference(identifier)
                        .healthCheckConfig(config -> config.type(HealthCheckType.TCP)
                                .ipAddress("192.0.2.1")
                                .port(80)))
                .healthCheck()
                .id();
        dns.changeResourceRecordSets(request -> request.hostedZoneId(zone)
                .changeBatch(batch -> batch.changes(Change.builder()
                        .action(ChangeAction.UPSERT)
                        .resourceRecordSet(record -> record.name("shop.example.com")
                                .type(RRType.A)
                                .setIdentifier(identifier)
                                .weight(weight)
                                .ttl(60L)
                                .resourceRecords(ResourceRecord.builder()
                                        .value("192.0.2.1")
                                        .build())
                                .healthCheckId(check))
                        .build())));
    }

    private static Aws aws(int port) {
        return new Aws(
                new AwsConfig(Optional.empty(), Optional.empty(), Optional.empty()),
                client -> client.endpointOverride(URI.create("http://127.0.0.1:" + port))
                        .region(Region.US_EAST_1)
                        .overrideConfiguration(settings -> settings.apiCallAttemptTimeout(Duration.ofSeconds(30))
                                .apiCallTimeout(Duration.ofSeconds(60)))
                        .credentialsProvider(
                                StaticCredentialsProvider.create(AwsBasicCredentials.create("nobody", "nothing"))));
    }

    private static boolean isInstalled() throws InterruptedException {
        try {
            Process python = new ProcessBuilder("python3", "-c", "import moto.server")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return python.waitFor(60, TimeUnit.SECONDS) && python.exitValue() == 0;
        } catch (IOException noPython) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void awaitPort(Process moto, int port) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return;
            } catch (IOException e) {
                if (System.nanoTime() > deadline || !moto.isAlive()) {
                    throw new AssertionError("moto does not start", e);
                }
                Thread.sleep(100);
            }
        }
    }
}
