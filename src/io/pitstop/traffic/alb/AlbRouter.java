package io.pitstop.traffic.alb;

import io.pitstop.aws.Aws;
import io.pitstop.aws.AwsFailure;
import io.pitstop.config.AlbConfig;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.MoveRefused;
import io.pitstop.metrics.Series;
import io.pitstop.release.Colour;
import io.pitstop.traffic.Drained;
import io.pitstop.traffic.SeenThrough;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TargetHealth;
import io.pitstop.traffic.TrafficRouter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;

/**
 * An Application Load Balancer: the weights of two target groups in the default action of a listener, or in the action of
 * one of its rules. Nothing else of it is changed, and both groups always stay in the action: out of it, a group's targets
 * are not health-checked.
 *
 * <p>A shift is one order and at least four reads: the weights, the health of the colour that gets more, the weights again
 * immediately before the order, and the weights after it.
 */
public final class AlbRouter implements TrafficRouter {
    private final AlbConfig alb;
    private final Aws aws;
    private final InstantSource clock;
    private ElasticLoadBalancingV2Client elb;
    private AlbPlace found;
    private AlbNeighbours neighbours;
    private AlbDrain drain;

    /** Asks nobody yet. */
    public AlbRouter(AlbConfig alb, Aws aws, InstantSource clock) {
        this.alb = alb;
        this.aws = aws;
        this.clock = clock;
    }

    @Override
    public Split split() {
        return place().read().split();
    }

    @Override
    public void shift(Split target) {
        AlbAction before = place().read();
        if (before.split().equals(target)) {
            settle(before);
            return;
        }
        refuseUnhealthy(before.split(), target);
        AlbAction latest = place().read();
        if (!latest.split().equals(before.split())) {
            throw moving(before.split(), latest.split());
        }
        stopIfAsked();
        AlbOrder order = new AlbOrder(place(), latest, target, alb.stickiness(), alb.within());
        SeenThrough.run("the split was moved to " + target, order::give);
    }

    @Override
    public TargetHealth health(Colour colour) {
        String group = place().groups().of(colour);
        try {
            return AlbHealth.of(elb.describeTargetHealth(asked -> asked.targetGroupArn(group))
                    .targetHealthDescriptions());
        } catch (SdkException e) {
            throw AwsFailure.of("The targets of " + colour + " cannot be looked at", e);
        }
    }

    @Override
    public Series figures(Colour colour) {
        throw new UnsupportedOperationException("a load balancer has no figures of its own; CloudWatch has");
    }

    @Override
    public Drained drained(Colour colour, Instant since) {
        AlbAction now = place().read();
        if (now.split().of(colour) > 0) {
            throw new MoveRefused(colour + " has a share: " + now.split() + ".", "Move its users first.");
        }
        List<String> others = neighbours().of(colour);
        if (!others.isEmpty()) {
            return new Drained(
                    false,
                    "of the same load balancer, " + String.join(" and ", others) + " too sends requests to "
                            + place().groups().of(colour) + ", whatever the split is");
        }
        return drain().of(colour, since, now.cookie());
    }

    @Override
    public Optional<String> kept(Colour colour) {
        AlbAction now = place().read();
        return now.isSticky()
                ? Optional.of("users with a cookie stay on " + colour + " for up to "
                        + now.cookie().toSeconds() + " s after their last response")
                : Optional.empty();
    }

    /** An answer that is behind must not make us believe that there is nothing to do. */
    private void settle(AlbAction before) {
        for (int read = 1; read < AlbOrder.AGREEING_READS; read++) {
            AlbOrder.pause(AlbOrder.FIRST_PAUSE);
            Split now = place().read().split();
            if (!now.equals(before.split())) {
                throw moving(before.split(), now);
            }
        }
        if (before.isSticky() && !before.sticksAt(before.split(), alb.stickiness())) {
            AlbOrder order = new AlbOrder(place(), before, before.split(), alb.stickiness(), alb.within());
            SeenThrough.run("stickiness was ended at " + before.split(), order::give);
        }
    }

    /** With no healthy target in a group, the load balancer would send its share to the unhealthy ones. */
    private void refuseUnhealthy(Split before, Split target) {
        for (Colour colour : Colour.values()) {
            if (target.of(colour) > before.of(colour)) {
                TargetHealth health = health(colour);
                if (health.healthy() == 0) {
                    throw new MoveRefused(
                            colour + " gets no more users: " + health + ".", "Mend " + colour + " or deploy it again.");
                }
            }
        }
    }

    private static void stopIfAsked() {
        if (Thread.currentThread().isInterrupted()) {
            throw Interrupted.whileDoing("the split was about to move");
        }
    }

    private DependencyFailed moving(Split before, Split now) {
        return new DependencyFailed(
                place() + " served " + before + ", and a moment later " + now + ", though nothing was ordered here.",
                "Look for another writer of it, such as a running terraform apply, then run the step again.");
    }

    /** What was found once is not looked for again: orders and reads are of one and the same listener or rule. */
    private AlbPlace place() {
        if (found == null) {
            elb = aws.loadBalancing();
            found = new AlbFinder(elb, alb).find();
        }
        return found;
    }

    private AlbNeighbours neighbours() {
        if (neighbours == null) {
            neighbours = new AlbNeighbours(place());
        }
        return neighbours;
    }

    /** The same one for all looks of a command: what CloudWatch told a moment ago, it is not asked again. */
    private AlbDrain drain() {
        if (drain == null) {
            drain = new AlbDrain(place(), new AlbRequests(aws, place()), clock);
        }
        return drain;
    }
}
