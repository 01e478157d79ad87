package io.pitstop.gate;

import java.util.List;

/**
 * How a bake ended.
 *
 * @param passed true if no gate was unhealthy during the bake and none undecided at its end
 * @param verdicts what the gates said last; gates after the first unhealthy one were not asked any more
 */
public record BakeResult(boolean passed, List<Verdict> verdicts) {
    public BakeResult {
        verdicts = List.copyOf(verdicts);
    }

    /** What speaks against the new version; empty if the bake passed. */
    public List<Verdict> unhealthy() {
        return verdicts.stream()
                .filter(verdict -> verdict.answer() == Verdict.Answer.UNHEALTHY)
                .toList();
    }
}
