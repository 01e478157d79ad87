package io.pitstop.demo.alb;

import io.pitstop.aws.Aws;
import io.pitstop.config.AwsConfig;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;

/**
 * What an application finds on AWS, made in an emulator: a VPC with two subnets, and a load balancer in them.
 *
 * @param vpc id
 * @param loadBalancer ARN
 */
public record EmulatedNetwork(String vpc, String loadBalancer) {
    private static final String REGION = "eu-west-1";
    private static final Duration ANSWER = Duration.ofSeconds(30); // it loads its model of EC2 at the first call

    /**
     * @param endpoint of the emulator
     * @param name of the load balancer
     * @throws DependencyFailed if it does not answer as AWS would
     */
    public static EmulatedNetwork create(URI endpoint, String name) {
        String vpc = ec2(endpoint, "CreateVpc", "vpcId", Map.of("CidrBlock", "10.77.0.0/16"));
        List<String> subnets = Stream.of("a", "b")
                .map(zone -> ec2(
                        endpoint,
                        "CreateSubnet",
                        "subnetId",
                        Map.of(
                                "VpcId",
                                vpc,
                                "CidrBlock",
                                "10.77." + (zone.equals("a") ? 1 : 2) + ".0/24",
                                "AvailabilityZone",
                                REGION + zone)))
                .toList();
        return new EmulatedNetwork(vpc, loadBalancer(endpoint, name, subnets));
    }

    private static String loadBalancer(URI endpoint, String name, List<String> subnets) {
        AwsConfig config = new AwsConfig(Optional.of(REGION), Optional.empty(), Optional.empty());
        Aws aws = new Aws(config, client -> client.endpointOverride(endpoint)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("emulated", "emulated"))));
        try (ElasticLoadBalancingV2Client api = aws.loadBalancing()) {
            LoadBalancer made = api.createLoadBalancer(
                            request -> request.name(name).subnets(subnets))
                    .loadBalancers()
                    .get(0);
            // The emulator has it active once somebody has looked.
            api.describeLoadBalancers(request -> request.loadBalancerArns(made.loadBalancerArn()));
            return made.loadBalancerArn();
        }
    }

    /** One call of the EC2 API, whose client would be larger than all the rest of the agent. */
    private static String ec2(URI endpoint, String action, String id, Map<String, String> parameters) {
        Map<String, String> all = new TreeMap<>(parameters);
        all.putAll(Map.of("Action", action, "Version", "2016-11-15"));
        String form = all.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest request = HttpRequest.newBuilder(endpoint)
                .timeout(ANSWER)
                .header("Content-Type", "application/x-www-form-urlencoded")
                // The emulator looks at nothing but the service and the region.
                .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=emulated/20260101/" + REGION
                                + "/ec2/aws4_request, SignedHeaders=host, Signature=none")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        try {
            HttpResponse<String> answer =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            Matcher found = Pattern.compile("<" + id + ">([^<]+)<").matcher(answer.body());
            if (answer.statusCode() == 200 && found.find()) {
                return found.group(1);
            }
            throw new DependencyFailed(
                    "The emulator answered " + answer.statusCode() + " to " + action + ".", "Look at its log.");
        } catch (IOException e) {
            throw new DependencyFailed("The emulator does not answer to " + action + ".", "Look at its log.", e);
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("the emulated network was made");
        }
    }
}
