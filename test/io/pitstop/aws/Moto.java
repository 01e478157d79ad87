package io.pitstop.aws;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * An AWS account on 127.0.0.1, by the emulator moto in a process of its own, and those of its calls that tests make
 * themselves. Tests that need it are skipped, with the reason, where it is not installed.
 *
 * <p>It speaks the query protocol of load balancers. CloudWatch's client in the SDK 2.57 speaks Smithy RPC v2 with CBOR, to
 * which moto 5.2 answers 404: for its counts of requests there is {@link FakeElb}.
 */
public final class Moto implements AutoCloseable {
    static final String REGION = "eu-west-1";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process server;
    private final URI address;

    private Moto(Process server, URI address) {
        this.server = server;
        this.address = address;
    }

    /** Starts it, or skips the test that asks. */
    public static Moto start() {
        try {
            return start(Path.of("target/moto.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Skips the test where moto is not installed.
     *
     * @param log file that gets what it prints
     */
    static Moto start(Path log) throws IOException, InterruptedException {
        Process there = new ProcessBuilder(
                        "sh", "-c", "python3 -c 'import importlib.util as u; assert u.find_spec(\"moto\")'")
                .redirectErrorStream(true)
                .start();
        there.getInputStream().readAllBytes();
        Assumptions.assumeTrue(
                there.waitFor() == 0, "moto is not on this machine: install it by pip install 'moto[server]==5.2.1'");
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        ProcessBuilder builder = new ProcessBuilder(
                        "python3", "-m", "moto.server", "-H", "127.0.0.1", "-p", Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        // It runs no tasks, and says of every service that this many run.
        builder.environment().put("MOTO_ECS_SERVICE_RUNNING", "2");
        Moto moto = new Moto(builder.start(), URI.create("http://127.0.0.1:" + port));
        moto.await();
        return moto;
    }

    private void await() throws IOException, InterruptedException {
        long end = System.nanoTime() + SECONDS.toNanos(60);
        while (true) {
            try {
                client.send(
                        HttpRequest.newBuilder(address.resolve("/moto-api/")).build(), BodyHandlers.discarding());
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end || !server.isAlive()) {
                    close();
                    throw e;
                }
                Thread.sleep(50);
            }
        }
    }

    public URI address() {
        return address;
    }

    /** Clients that talk to it. */
    public Aws aws() {
        return FakeElb.aws(address, Duration.ofSeconds(20), Duration.ofSeconds(40));
    }

    /** CloudWatch by the protocol that the SDK speaks. */
    public CborService cloudWatch() {
        return MotoCloudWatch.start(address);
    }

    /** The VPC that every account has. */
    public String vpc() {
        return ec2("DescribeVpcs").texts("vpcId").get(0);
    }

    /** Its subnets. */
    public List<String> subnets() {
        return ec2("DescribeSubnets").texts("subnetId").stream().distinct().toList();
    }

    /** Forgets everything. */
    public void reset() {
        send(HttpRequest.newBuilder(address.resolve("/moto-api/reset")).POST(BodyPublishers.noBody()));
    }

    /** What a process needs to know to take it for AWS. */
    public Map<String, String> environment() {
        return Map.of(
                "AWS_ENDPOINT_URL", address.toString(),
                "AWS_ACCESS_KEY_ID", "test",
                "AWS_SECRET_ACCESS_KEY", "test",
                "AWS_REGION", REGION,
                "AWS_EC2_METADATA_DISABLED", "true");
    }

    Answer ec2(String action, String... parameters) {
        return query("ec2", "2016-11-15", action, parameters);
    }

    Answer elb(String action, String... parameters) {
        return query("elasticloadbalancing", "2015-12-01", action, parameters);
    }

    Answer iam(String action, String... parameters) {
        return query("iam", "2010-05-08", action, parameters);
    }

    Answer cloudwatch(String action, String... parameters) {
        return query("monitoring", "2010-08-01", action, parameters);
    }

    Answer autoscaling(String action, String... parameters) {
        return query("autoscaling", "2011-01-01", action, parameters);
    }

    /** @return the JSON text of the answer */
    String ecs(String action, String json) {
        return send(request("ecs", "/")
                .header("Content-Type", "application/x-amz-json-1.1")
                .header("X-Amz-Target", "AmazonEC2ContainerServiceV20141113." + action)
                .POST(BodyPublishers.ofString(json)));
    }

    /** @param path below {@code /2013-04-01/} */
    Answer route53(String method, String path, String xml) {
        return new Answer(send(request("route53", "/2013-04-01/" + path).method(method, BodyPublishers.ofString(xml))));
    }

    void createBucket(String name) {
        send(request("s3", "/" + name)
                .PUT(BodyPublishers.ofString("<CreateBucketConfiguration><LocationConstraint>" + REGION
                        + "</LocationConstraint></CreateBucketConfiguration>")));
    }

    /** The keys of what lies in a bucket. */
    List<String> objects(String bucket) {
        return new Answer(send(request("s3", "/" + bucket + "?list-type=2").GET())).texts("Key");
    }

    String object(String bucket, String key) {
        return send(request("s3", "/" + bucket + "/" + key).GET());
    }

    private Answer query(String service, String version, String action, String... parameters) {
        Map<String, String> form = new HashMap<>(Map.of("Action", action, "Version", version));
        for (int i = 0; i < parameters.length; i += 2) {
            form.put(parameters[i], parameters[i + 1]);
        }
        String body = form.entrySet().stream()
                .flatMap(field -> Stream.of(encoded(field.getKey()) + "=" + encoded(field.getValue())))
                .collect(Collectors.joining("&"));
        return new Answer(send(request(service, "/")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body))));
    }

    /** It tells services apart by the signature's scope, and does not verify the signature. */
    private HttpRequest.Builder request(String service, String path) {
        return HttpRequest.newBuilder(address.resolve(path))
                .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=test/20260101/" + REGION + "/" + service
                                + "/aws4_request, SignedHeaders=host, Signature=0");
    }

    private String send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new AssertionError(answer.statusCode() + " " + answer.body());
            }
            return answer.body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.destroyForcibly().onExit().join();
    }
}
