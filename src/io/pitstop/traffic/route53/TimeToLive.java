package io.pitstop.traffic.route53;

import java.time.Duration;
import java.util.Objects;
import software.amazon.awssdk.services.route53.model.AliasTarget;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

/** How long resolvers keep an answer of Route 53. */
final class TimeToLive {
    /**
     * What Route 53 usually takes until all of its servers have a change. Waited for also after it said so, because a step
     * that was run again finds the records as ordered and does not know since when.
     */
    static final Duration PROPAGATION = Duration.ofSeconds(60);

    /** Of an alias of a load balancer, a distribution or another thing of AWS. */
    private static final Duration ALIAS = Duration.ofSeconds(60);

    private final String zone;
    private final Route53Records records;

    TimeToLive(String zone, Route53Records records) {
        this.zone = zone;
        this.records = records;
    }

    Duration of(ResourceRecordSet record) {
        AliasTarget alias = record.aliasTarget();
        if (alias == null) {
            return own(record);
        }
        if (!zone.endsWith(alias.hostedZoneId())) {
            return ALIAS;
        }
        // An alias of a record in the same zone lives as long as that one.
        return records.named(alias.dnsName()).stream()
                .map(TimeToLive::own)
                .max(Duration::compareTo)
                .orElse(ALIAS);
    }

    private static Duration own(ResourceRecordSet record) {
        return Duration.ofSeconds(Objects.requireNonNullElse(record.ttl(), ALIAS.toSeconds()));
    }
}
