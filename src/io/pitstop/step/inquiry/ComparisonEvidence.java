package io.pitstop.step.inquiry;

import io.pitstop.error.MoveRefused;
import io.pitstop.evidence.Compared;
import io.pitstop.evidence.Comparisons;
import io.pitstop.evidence.Missing;
import io.pitstop.release.Lease;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whether old and new values agree in all rows, as the backfill files define it. */
public final class ComparisonEvidence implements Inquiry {
    private final Comparisons comparisons;

    public ComparisonEvidence(Comparisons comparisons) {
        this.comparisons = comparisons;
    }

    /** @throws MoveRefused with keys of rows that differ */
    @Override
    public Answer ask(Lease lease) {
        Comparisons.Outcome outcome = comparisons.run(lease);
        List<String> shown = new ArrayList<>(outcome.excused());
        for (Compared compared : outcome.compared()) {
            if (compared.differing() > 0) {
                throw differs(compared);
            }
            shown.add(String.format(
                    Locale.ROOT,
                    "old and new values agree in all %,d rows of %s, by %s (in %.2f s, until %s)",
                    compared.rows(),
                    compared.table(),
                    compared.file(),
                    compared.seconds(),
                    compared.finishedAt()));
        }
        return new Answer(shown, missing(outcome.silent()));
    }

    @Override
    public List<Missing> missing(Lease lease) {
        return missing(comparisons.silent());
    }

    private static List<Missing> missing(List<String> silent) {
        return silent.stream()
                .map(file -> new Missing(
                        Missing.Kind.COMPARISON,
                        "Nobody knows whether old and new values agree: " + file + " does not say when they do.",
                        "Give it a line \"-- same: SELECT <key>, <whether both sides agree> FROM … WHERE"
                                + " :batch\", or \"-- same: nothing, because …\"."))
                .toList();
    }

    private static MoveRefused differs(Compared compared) {
        String keys = String.join(", ", compared.examples());
        return new MoveRefused(
                String.format(
                        Locale.ROOT,
                        "Old and new values differ in %,d of %,d rows of %s, by %s: key %s%s.",
                        compared.differing(),
                        compared.rows(),
                        compared.table(),
                        compared.file(),
                        keys,
                        compared.differing() > compared.examples().size() ? ", …" : ""),
                "Find out which side is right, correct the other, and run contract again.");
    }
}
