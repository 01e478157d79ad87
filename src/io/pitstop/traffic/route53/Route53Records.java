package io.pitstop.traffic.route53;

import io.pitstop.aws.AwsFailure;
import io.pitstop.config.Route53Config;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.error.PitstopException;
import io.pitstop.release.Colour;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.ListResourceRecordSetsRequest;
import software.amazon.awssdk.services.route53.model.ListResourceRecordSetsResponse;
import software.amazon.awssdk.services.route53.model.RRType;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

/** Reads the records of both colours, and whatever else has their name. */
final class Route53Records {
    private static final int MOST_PAGES = 20;
    private static final List<RRType> ADDRESSES = List.of(RRType.A, RRType.AAAA, RRType.CNAME);

    private final Route53Config config;
    private final Supplier<Route53Client> dns;

    Route53Records(Route53Config config, Supplier<Route53Client> dns) {
        this.config = config;
        this.dns = dns;
    }

    /**
     * Returns the records of both colours, beside which none gets users.
     *
     * @throws InvalidConfig if there are none, or users would not all follow them
     * @throws OutcomeUnknown if another record gets users too
     */
    Route53Pair read() {
        List<ResourceRecordSet> found = named(config.record());
        RRType type = RRType.fromValue(config.type());
        for (ResourceRecordSet other : found) {
            if (other.type() != type && ADDRESSES.contains(other.type())) {
                throw new InvalidConfig(
                        this + " are not alone: " + config.record() + " also has records of type "
                                + other.typeAsString() + ", whose users would stay where they are.",
                        "Keep one type, such as A records that are aliases of a load balancer for both.");
            }
        }
        List<ResourceRecordSet> ours =
                found.stream().filter(record -> record.type() == type).toList();
        for (ResourceRecordSet record : ours) {
            if (record.weight() == null) {
                throw new InvalidConfig(
                        this + " are not weighted.",
                        "Make one weighted record for each colour, with a set identifier.");
            }
        }
        Route53Pair pair = new Route53Pair(colour(ours, Colour.BLUE), colour(ours, Colour.GREEN));
        refuseOthers(ours, pair);
        return pair;
    }

    /** @throws OutcomeUnknown if the weights are none of a split */
    Split split(Route53Pair pair) {
        Weights weights = pair.weights();
        if (weights.equals(new Weights(0, 0))) {
            throw noSplit(
                    "both have weight 0, which Route 53 takes for equal shares",
                    "Give the colour that is to serve users a weight.");
        }
        return weights.split()
                .orElseThrow(() -> noSplit(weights.toString(), "Choose weights that sum to 100, such as 100 and 0."));
    }

    /** All record sets of {@code name}. */
    List<ResourceRecordSet> named(String name) {
        String full = full(name);
        List<ResourceRecordSet> named = new ArrayList<>();
        ListResourceRecordSetsRequest.Builder from = ListResourceRecordSetsRequest.builder()
                .hostedZoneId(config.zone())
                .startRecordName(full);
        for (int page = 0; page < MOST_PAGES; page++) {
            ListResourceRecordSetsResponse answer = list(from.build());
            for (ResourceRecordSet record : answer.resourceRecordSets()) {
                if (full(record.name()).equals(full)) {
                    named.add(record);
                }
            }
            if (!Boolean.TRUE.equals(answer.isTruncated())
                    || !full(answer.nextRecordName()).equals(full)) {
                return named;
            }
            from.startRecordName(answer.nextRecordName())
                    .startRecordType(answer.nextRecordType())
                    .startRecordIdentifier(answer.nextRecordIdentifier());
        }
        throw noSplit("there are more than " + named.size() + " of them", "Remove what is not needed.");
    }

    private ListResourceRecordSetsResponse list(ListResourceRecordSetsRequest from) {
        try {
            return dns.get().listResourceRecordSets(from);
        } catch (SdkException e) {
            throw unreadable(e);
        }
    }

    private PitstopException unreadable(SdkException failure) {
        String message = this + " cannot be read";
        return AwsFailure.code(failure).filter("NoSuchHostedZone"::equals).isPresent()
                ? new InvalidConfig(
                        message + ": " + AwsFailure.words(failure), "Correct traffic.route53.zone.", failure)
                : AwsFailure.of(message, failure);
    }

    private ResourceRecordSet colour(List<ResourceRecordSet> records, Colour colour) {
        String identifier = identifier(colour);
        Optional<ResourceRecordSet> found = records.stream()
                .filter(record -> identifier.equals(record.setIdentifier()))
                .findFirst();
        return found.orElseThrow(() -> new InvalidConfig(
                "None of " + this + " has the set identifier " + identifier + "; there are "
                        + records.stream().map(ResourceRecordSet::setIdentifier).toList() + ".",
                "Correct traffic.route53.record or traffic.route53.identifiers." + colour + "."));
    }

    private String identifier(Colour colour) {
        return colour == Colour.BLUE
                ? config.identifiers().blue()
                : config.identifiers().green();
    }

    private void refuseOthers(List<ResourceRecordSet> records, Route53Pair pair) {
        for (ResourceRecordSet record : records) {
            if (record.weight() > 0 && !record.equals(pair.blue()) && !record.equals(pair.green())) {
                throw noSplit(
                        "record " + record.setIdentifier() + " has weight " + record.weight() + " too",
                        "Give records of others weight 0, or remove them.");
            }
        }
    }

    private OutcomeUnknown noSplit(String why, String hint) {
        return new OutcomeUnknown(this + " make no split between two colours: " + why + ".", hint);
    }

    /** As Route 53 tells names. */
    private static String full(String name) {
        String lower = name.toLowerCase(Locale.ROOT).replace("*", "\\052");
        return lower.endsWith(".") ? lower : lower + ".";
    }

    @Override
    public String toString() {
        return "The " + config.type() + " records " + config.record() + " in zone " + config.zone();
    }
}
