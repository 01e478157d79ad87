package io.pitstop.traffic.route53;

import io.pitstop.aws.Attempts;
import io.pitstop.aws.AwsFailure;
import io.pitstop.config.Route53Config;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.error.PitstopException;
import io.pitstop.metrics.Series;
import io.pitstop.release.Colour;
import io.pitstop.traffic.Drained;
import io.pitstop.traffic.SeenThrough;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TargetHealth;
import io.pitstop.traffic.TrafficRouter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.ChangeStatus;

/**
 * Weighted records in Route 53. It answers by the new weights soon after an order; users follow as their resolvers forget
 * the old answer.
 */
public final class Route53Router implements TrafficRouter {
    /** Between two questions whether all servers have a change; an account may ask five a second, all in all. */
    public static final Duration PAUSE = Duration.ofSeconds(2);

    private static final int MOST_ORDERS = 3;

    private final Route53Config config;
    private final Supplier<Route53Client> clients;
    private final Duration pause;
    private final Route53Records records;
    private final Route53Health health;
    private final TimeToLive timeToLive;
    private Route53Client dns;

    /**
     * Asks nobody yet.
     *
     * @param clients asked for one client, at the first question
     * @param pause between two questions whether all servers have a change
     */
    public Route53Router(Route53Config config, Supplier<Route53Client> clients, Duration pause) {
        this.config = config;
        this.clients = clients;
        this.pause = pause;
        this.records = new Route53Records(config, this::dns);
        this.health = new Route53Health(this::dns);
        this.timeToLive = new TimeToLive(config.zone(), records);
    }

    @Override
    public Split split() {
        return records.split(records.read());
    }

    @Override
    public void shift(Split target) {
        if (Thread.currentThread().isInterrupted()) {
            throw Interrupted.whileDoing("nothing was ordered yet");
        }
        Route53Pair before = records.read();
        Split now = records.split(before);
        if (now.equals(target)) {
            return;
        }
        Colour gains = target.of(Colour.BLUE) > now.of(Colour.BLUE) ? Colour.BLUE : Colour.GREEN;
        TargetHealth found = health.of(before.of(gains));
        if (found.healthy() == 0) {
            throw new MoveRefused(
                    "Route 53 does not find " + gains + " healthy: " + found.reason() + ".",
                    "Bring the colour to health, then run the step again.");
        }
        SeenThrough.run("the split was moved to " + target, () -> confirm(target, ordered(target, before)));
    }

    @Override
    public TargetHealth health(Colour colour) {
        return health.of(records.read().of(colour));
    }

    @Override
    public Series figures(Colour colour) {
        throw new UnsupportedOperationException("Route 53 sees no requests");
    }

    @Override
    public Drained drained(Colour colour, Instant since) {
        Route53Pair pair = records.read();
        Split now = records.split(pair);
        if (now.of(colour) > 0) {
            throw new MoveRefused(colour + " has a share: " + now + ".", "Move its users first.");
        }
        Duration kept = timeToLive.of(pair.of(colour));
        Instant forgotten = since.plus(kept).plus(TimeToLive.PROPAGATION).truncatedTo(ChronoUnit.SECONDS);
        boolean done = Instant.now().isAfter(forgotten);
        return new Drained(
                done,
                "resolvers may answer with " + colour + (done ? " no more since " : " until ") + forgotten + ": "
                        + kept.toSeconds() + " s that they keep an answer, "
                        + TimeToLive.PROPAGATION.toSeconds()
                        + " s that Route 53 may take; some keep it longer than they should");
    }

    /** Gives the order until Route 53 has taken it, and returns the id of the change. */
    private String ordered(Split target, Route53Pair before) {
        Route53Pair now = before;
        SdkException lost = null;
        for (int given = 0; given < MOST_ORDERS; given++) {
            Attempts attempts = new Attempts();
            try {
                return order(target, now, attempts);
            } catch (SdkException e) {
                if (lost == null && attempts.wereRefused()) {
                    throw refused(target, before, e);
                }
                lost = e;
            }
            // Be it taken or not: from here the next order goes on, and the lost one is refused should it come later.
            now = readAfter(target, lost);
            if (!now.equals(before) && !records.split(now).equals(target)) {
                throw otherWriter(target, now, lost);
            }
        }
        throw unknown(target, lost);
    }

    private String order(Split target, Route53Pair now, Attempts attempts) {
        return dns().changeResourceRecordSets(request -> request.overrideConfiguration(
                                settings -> settings.addMetricPublisher(attempts))
                        .hostedZoneId(config.zone())
                        .changeBatch(batch -> batch.changes(now.to(target)).comment("pitstop: " + target)))
                .changeInfo()
                .id();
    }

    private void confirm(Split target, String change) {
        long deadline = System.nanoTime() + config.within().toNanos();
        String last = "it was still " + ChangeStatus.PENDING;
        while (true) {
            try {
                if (dns().getChange(request -> request.id(change)).changeInfo().status() == ChangeStatus.INSYNC) {
                    break;
                }
            } catch (SdkException e) {
                last = AwsFailure.words(e);
            }
            if (System.nanoTime() >= deadline) {
                throw new OutcomeUnknown(
                        "Route 53 has taken " + target
                                + ", but whether all of its servers answer so was not known within "
                                + config.within().toSeconds() + " s: " + last + ".",
                        "Ask aws route53 get-change --id " + change + " until it is INSYNC, then run the step again.");
            }
            LockSupport.parkNanos(pause.toNanos());
        }
        Split serves = records.split(readAfter(target, null));
        if (!serves.equals(target)) {
            throw new OutcomeUnknown(
                    "Route 53 was told " + target + " but has " + serves + ".",
                    "Look for a second command that moves traffic.");
        }
    }

    private Route53Pair readAfter(Split target, SdkException lost) {
        try {
            Route53Pair now = records.read();
            records.split(now);
            return now;
        } catch (PitstopException unreadable) {
            if (lost != null) {
                unreadable.addSuppressed(lost);
            }
            throw unknown(target, unreadable);
        }
    }

    private PitstopException refused(Split target, Route53Pair before, SdkException refusal) {
        Route53Pair now = readAfter(target, refusal);
        return now.equals(before)
                ? AwsFailure.of("Route 53 did not take " + target + ", the split is as it was", refusal)
                : otherWriter(target, now, refusal);
    }

    private DependencyFailed otherWriter(Split target, Route53Pair now, SdkException cause) {
        return new DependencyFailed(
                "Route 53 did not take " + target + ": another writer changed the records meanwhile, to "
                        + records.split(now) + ".",
                "Look for a second command that moves traffic, then run the step again.",
                cause);
    }

    private OutcomeUnknown unknown(Split target, Exception cause) {
        return new OutcomeUnknown(
                "Route 53 was told " + target + " and cannot be asked whether it did so: " + cause.getMessage(),
                "Look at the records, then run the step again.",
                cause);
    }

    private Route53Client dns() {
        if (dns == null) {
            dns = clients.get();
        }
        return dns;
    }
}
