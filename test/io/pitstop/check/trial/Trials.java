package io.pitstop.check.trial;

import io.pitstop.check.live.LiveStatement;
import io.pitstop.check.live.Recording;
import io.pitstop.config.CheckConfig;
import io.pitstop.config.CheckConfig.Trial;
import io.pitstop.database.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Trial runs on the PostgreSQL of the tests, each in a database of its own. */
public final class Trials {
    private static final Map<String, String> OWNER = Map.of("PITSTOP_SCRATCH_USER", "postgres");

    private Trials() {}

    public static ScratchSource scratch() {
        return ScratchUrl.source(TestDatabase.create().url(), OWNER);
    }

    /** Must be held; the application runs some statements, and nobody knows how large its tables are. */
    public static TrialJudge of(String... live) {
        return of(Sizes.UNKNOWN, live);
    }

    /** Production's schema is known. */
    static TrialJudge from(Path dump) {
        CheckConfig config = new CheckConfig(Trial.REQUIRE, Optional.of(dump), Optional.empty(), List.of());
        return new TrialJudge(config, List.of(scratch()), OptionalInt::empty, () -> Sizes.UNKNOWN, Recording::none);
    }

    public static TrialJudge of(Sizes sizes, String... live) {
        CheckConfig config = new CheckConfig(Trial.REQUIRE, Optional.empty(), Optional.empty(), List.of());
        List<LiveStatement> statements =
                Stream.of(live).map(query -> new LiveStatement(query, 1)).toList();
        Recording recording = new Recording(statements, List.of());
        return new TrialJudge(config, List.of(scratch()), OptionalInt::empty, () -> sizes, () -> recording);
    }
}
