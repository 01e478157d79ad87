package io.pitstop.traffic.alb;

import io.pitstop.aws.AwsFailure;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import io.pitstop.release.Colour;
import io.pitstop.traffic.Drained;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Whether a colour without a share has finished.
 *
 * <p>A share that is taken away ends no request, and tells nobody when the last one has ended. Two things do: the group's
 * deregistration delay has passed, which is how long its owner lets requests last; or CloudWatch, while it counts requests
 * of the other group, counts none of this one.
 *
 * <p>While a cookie keeps users with their group, neither is enough: they go on coming, and each response renews the cookie.
 * Then it takes as long without a single request as a cookie lasts.
 */
final class AlbDrain {
    /** The attribute of a target group that says how long requests in flight are let be, in seconds. */
    static final String DELAY = "deregistration_delay.timeout_seconds";

    private static final Duration LAST_MINUTES = Duration.ofMinutes(3);

    private final AlbPlace place;
    private final AlbRequests requests;
    private final InstantSource clock;

    AlbDrain(AlbPlace place, AlbRequests requests, InstantSource clock) {
        this.place = place;
        this.requests = requests;
        this.clock = clock;
    }

    /** @param cookie how long a cookie keeps a user with a group; zero if there is none */
    Drained of(Colour colour, Instant since, Duration cookie) {
        Instant now = clock.instant();
        Duration delay = delay(place.groups().of(colour));
        Instant over = since.plus(delay);
        boolean late = !now.isBefore(over);
        if (cookie.isZero() && late) {
            return new Drained(
                    true, "the deregistration delay of " + seconds(delay) + " has passed since the last share");
        }
        String wait = late ? "" : "the deregistration delay of " + seconds(delay) + " ends at " + over + "; ";
        try {
            Duration stretch = cookie.compareTo(LAST_MINUTES) > 0 ? cookie : LAST_MINUTES;
            AlbRequests.Count count =
                    requests.since(latest(since, now.minus(stretch).minus(AlbRequests.LAG)), now, colour);
            if (cookie.isZero()) {
                return new Drained(count.showsNone(), count.showsNone() ? count.toString() : wait + count);
            }
            return new Drained(
                    count.showsNoneFor(cookie),
                    "cookies keep users for " + seconds(cookie) + " after each response; " + count);
        } catch (DependencyFailed | InvalidConfig unknown) {
            return new Drained(false, wait + unknown.getMessage());
        }
    }

    private Duration delay(String group) {
        try {
            return place.elb().describeTargetGroupAttributes(asked -> asked.targetGroupArn(group)).attributes().stream()
                    .filter(attribute -> attribute.key().equals(DELAY))
                    .map(attribute -> Duration.ofSeconds(Long.parseLong(attribute.value())))
                    .findFirst()
                    .orElse(Duration.ZERO); // functions have none
        } catch (SdkException e) {
            throw AwsFailure.of("The attributes of " + group + " cannot be read", e);
        }
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() + " s";
    }
}
