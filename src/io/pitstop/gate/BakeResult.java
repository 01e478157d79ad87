package io.pitstop.gate;

import java.util.List;
import java.util.Map;

/**
 * How a bake, or a stretch of it, ended.
 *
 * @param passed true if no gate was unhealthy meanwhile and, if the bake is over, none undecided at its end
 * @param verdicts what the gates said last; gates after the first unhealthy one were not asked any more
 * @param memories what the next stretch has to know, one for each gate
 */
public record BakeResult(boolean passed, List<Verdict> verdicts, List<Map<String, Object>> memories) {
    public BakeResult {
        verdicts = List.copyOf(verdicts);
        memories = List.copyOf(memories);
    }

    /** What speaks against the new version; empty if the bake passed. */
    public List<Verdict> unhealthy() {
        return verdicts.stream()
                .filter(verdict -> verdict.answer() == Verdict.Answer.UNHEALTHY)
                .toList();
    }
}
