package io.pitstop.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Freezes an agent at each moment of a step at which it stands in nobody's way, and lets another one take over. */
final class TakeOver {
    private final Stage stage;
    private final Map<String, Agent> agents;
    private int moments;

    TakeOver(Stage stage, Map<String, Agent> agents) {
        this.stage = stage;
        this.agents = agents;
    }

    /**
     * What the other one finds, does and leaves.
     *
     * @param moment at which the first one was frozen, counted from 1
     * @param other how the other's command ended
     * @param then how it was when the other had ended
     * @param first how the first one's command ended afterwards
     * @param now how it was in the end
     */
    record Story(int moment, Outcome other, Snapshot then, Outcome first, Snapshot now) {
        boolean hasChangedNothing() {
            return StateKey.of(then).essence().equals(StateKey.of(now).essence());
        }

        @Override
        public String toString() {
            return "frozen at moment " + moment + "\n  the other: " + other + "\n  found " + StateKey.of(then)
                    + "\n  the first: " + first + "\n  left  " + StateKey.of(now);
        }
    }

    List<Story> of(Snapshot begin, Move frozen, Move other) {
        List<Story> stories = new ArrayList<>();
        Optional<Story> story = at(1, begin, frozen, other);
        while (story.isPresent()) {
            stories.add(story.get());
            story = at(stories.size() + 1, begin, frozen, other);
        }
        return stories;
    }

    /** Empty if the step has fewer moments. */
    private Optional<Story> at(int moment, Snapshot begin, Move frozen, Move other) {
        stage.restore(begin);
        List<Outcome> others = new ArrayList<>();
        List<Snapshot> then = new ArrayList<>();
        moments = 0;
        agents.get("A").watched(() -> {}, () -> {
            moments++;
            if (moments == moment) {
                Wire.heart("A").lock();
                stage.silence();
                others.add(other.run(stage, agents.get("B")));
                then.add(stage.snapshot());
                Wire.heart("A").unlock();
            }
        });
        Outcome first = frozen.run(stage, agents.get("A"));
        agents.get("A").unwatched();
        return others.stream().findFirst().map(end -> new Story(moment, end, then.get(0), first, stage.snapshot()));
    }
}
