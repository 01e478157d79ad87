package io.pitstop.gate;

import static io.pitstop.gate.Verdict.Answer.HEALTHY;
import static io.pitstop.gate.Verdict.Answer.UNDECIDED;
import static io.pitstop.gate.Verdict.Answer.UNHEALTHY;

import io.pitstop.config.CloudWatchAlarmConfig;
import io.pitstop.config.Quantity;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A CloudWatch alarm, which must be OK.
 *
 * <p>An alarm looks back. Until all that it looks at was since the bake began, its OK is no success, and an ALARM that was
 * there before is no failure; one that begins during the bake is. INSUFFICIENT_DATA is never a success.
 */
final class CloudWatchAlarmGate implements Vigilant {
    /** Of an alarm that does not tell how far it looks back. */
    private static final Duration UNKNOWN_WINDOW = Duration.ofMinutes(5);

    /** CloudWatch judges alarms once a minute. */
    private static final Duration EVALUATION = Duration.ofMinutes(1);

    private static final int MOST_WORDS = 200;

    private final CloudWatchAlarmConfig config;
    private final String name;
    private final CloudWatch cloudWatch;
    private final Vigil vigil;
    private long looks;

    CloudWatchAlarmGate(CloudWatchAlarmConfig config, Candidate candidate, CloudWatch cloudWatch, Vigil vigil) {
        this.config = config;
        this.name = candidate.fill(config.alarm());
        this.cloudWatch = cloudWatch;
        this.vigil = vigil;
    }

    @Override
    public Vigil vigil() {
        return vigil;
    }

    @Override
    public void begin() {
        vigil.begin();
        looks = 0;
    }

    @Override
    public void resume(Map<String, Object> memory) {
        begin();
        vigil.resume(memory);
    }

    @Override
    public Verdict judge() {
        Duration fallback = config.window().orElse(UNKNOWN_WINDOW);
        try {
            Optional<AlarmState> found = cloudWatch.alarm(name);
            vigil.heard();
            looks++;
            if (found.isEmpty()) {
                return verdict(UNHEALTHY, "there is no alarm of this name", fallback);
            }
            AlarmState state = found.get();
            return verdict(
                    state,
                    config.window()
                            .or(() -> state.window().map(EVALUATION::plus))
                            .orElse(UNKNOWN_WINDOW));
        } catch (NoAnswer failure) {
            return verdict(vigil.withoutAnswer(failure, fallback), "no answer: " + failure.getMessage(), fallback);
        }
    }

    private Verdict verdict(AlarmState state, Duration window) {
        Duration early = window.minus(vigil.age());
        boolean looksBeyond = !early.isNegative() && !early.isZero();
        String wait = ", judging what was before the bake for another " + (early.toSeconds() + 1) + "s";
        return switch (state.value()) {
            case "OK" -> {
                if (looksBeyond) {
                    yield verdict(UNDECIDED, "OK" + wait, window);
                }
                yield state.isWhole()
                        ? verdict(HEALTHY, "OK", window)
                        : verdict(UNDECIDED, "OK by a part of the data", window);
            }
            case "ALARM" -> {
                boolean isOfThisBake = state.since()
                        .map(since -> !since.isBefore(vigil.begun()))
                        .orElse(false);
                yield looksBeyond && !isOfThisBake
                        ? verdict(UNDECIDED, "ALARM" + wait, window)
                        : verdict(UNHEALTHY, "ALARM" + described(state), window);
            }
            default -> verdict(UNDECIDED, state.value() + described(state), window);
        };
    }

    private static String described(AlarmState state) {
        String since = state.since().map(time -> " since " + time).orElse("");
        String reason = state.reason().strip();
        if (reason.isEmpty()) {
            return since;
        }
        return since + ": " + (reason.length() > MOST_WORDS ? reason.substring(0, MOST_WORDS) + "…" : reason);
    }

    private Verdict verdict(Verdict.Answer answer, String value, Duration window) {
        return new Verdict(
                "cloudwatch alarm " + name,
                answer,
                value,
                "OK",
                looks,
                "CloudWatch",
                "looks back " + Quantity.text(window));
    }
}
