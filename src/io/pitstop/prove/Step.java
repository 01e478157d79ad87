package io.pitstop.prove;

import java.util.List;

/** The steps of the release that is proved, in their order. */
enum Step {
    EXPAND("migrate-expand", "--version", "2"),
    DEPLOY("deploy-green"),
    BACKFILL("backfill", "--batch-rows", "200"),
    SMOKE_TEST("smoke-test"),
    SWITCH("switch-traffic"),
    ROLLBACK("rollback"),
    SWITCH_AGAIN("switch-traffic"),
    CONTRACT("contract");

    private final List<String> arguments;

    Step(String... arguments) {
        this.arguments = List.of(arguments);
    }

    /** The command line of it. */
    String[] arguments() {
        return arguments.toArray(String[]::new);
    }

    String command() {
        return arguments.get(0);
    }

    /** A rollback, and the switch after it, happen only where it is the rollback that is proved. */
    static List<Step> release(Step struck) {
        List<Step> all = List.of(values());
        return struck == ROLLBACK
                ? all
                : all.stream()
                        .filter(step -> step != ROLLBACK && step != SWITCH_AGAIN)
                        .toList();
    }
}
