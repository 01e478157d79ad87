package io.pitstop.step;

import io.pitstop.config.Approvable;
import io.pitstop.error.MoveRefused;
import io.pitstop.release.Fact;
import io.pitstop.release.Release;
import io.pitstop.step.inquiry.ContractEvidence;
import io.pitstop.traffic.Split;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What may be run once a step is done, and what not: the steps' own refusals, for the release as it would be then. */
final class Outlook {
    private final Duration contractAfter;
    private final Instant now;

    /** @param contractAfter how long a switch must have lasted before contract */
    Outlook(Duration contractAfter, Instant now) {
        this.contractAfter = contractAfter;
        this.now = now;
    }

    /** One line for each step. */
    List<String> after(Approvable step, Release release) {
        Release then = done(step, release);
        Split split = Split.allTo(step == Approvable.DEPLOY_GREEN ? release.incumbent() : release.candidate());
        Map<String, Runnable> refusals = new LinkedHashMap<>();
        refusals.put("rollback", () -> Rollback.refuseContracted(then));
        refusals.put("deploy-green", () -> DeployGreen.refuseUnready(then, split));
        refusals.put("backfill", () -> Backfill.refuseUnready(then));
        refusals.put("smoke-test", () -> SmokeTest.refuseUnready(then));
        if (step == Approvable.DEPLOY_GREEN) {
            refusals.put("switch-traffic", () -> SwitchTraffic.refuseUnready(then));
        }
        if (step != Approvable.CONTRACT) {
            refusals.put("contract", () -> {
                Contract.refuseUnready(then);
                ContractEvidence.refuseEarly(then, contractAfter, now);
            });
        }
        refusals.put("migrate-expand of the next version", () -> refuseUnfinished(then));
        return refusals.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + answer(entry.getValue(), "allowed", "refused"))
                .toList();
    }

    /** Whether the bake is over that contract waits for; a person may say yes before. */
    Stream<String> now(Approvable step, Release release) {
        if (step != Approvable.CONTRACT || release.is(Fact.CONTRACT_BEGUN)) {
            return Stream.empty();
        }
        return Stream.of(
                "bake: " + answer(() -> ContractEvidence.refuseEarly(release, contractAfter, now), "over", "not over"));
    }

    private static String answer(Runnable refusal, String yes, String no) {
        try {
            refusal.run();
            return yes;
        } catch (MoveRefused refused) {
            return no + ". " + refused.getMessage();
        }
    }

    private static void refuseUnfinished(Release then) {
        if (then.finishedAt().isEmpty()) {
            MigrateExpand.refuseOther(then, Optional.of("another version"));
        }
    }

    private Release done(Approvable step, Release release) {
        Map<Fact, Instant> facts = new EnumMap<>(Fact.class);
        facts.putAll(release.facts());
        boolean ends = step == Approvable.CONTRACT;
        switch (step) {
            case DEPLOY_GREEN -> {
                facts.put(Fact.DEPLOYED, now);
                facts.remove(Fact.SMOKE_TESTED);
            }
            case SWITCH_TRAFFIC -> {
                facts.put(Fact.SWITCHED, now);
                facts.remove(Fact.ROLLED_BACK);
            }
            case CONTRACT -> {
                facts.put(Fact.CONTRACTED, now);
                facts.remove(Fact.ROLLED_BACK);
            }
        }
        return new Release(
                release.id(),
                release.application(),
                release.version(),
                release.fromVersion(),
                release.candidate(),
                release.openedAt(),
                facts,
                ends ? Optional.of(now) : Optional.empty());
    }
}
