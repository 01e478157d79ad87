package io.pitstop.prove;

import io.pitstop.error.InvalidConfig;
import io.pitstop.prove.fault.Fault;
import io.pitstop.prove.wire.Side;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What is tried with one seed: a fault, and where it strikes. The same seed and the same list of points give the same.
 *
 * @param occurrence which of the equal actions of the step, from 1
 * @param otherNode whether the step is run again on a node that knows nothing
 */
record Trial(long seed, Fault fault, Step step, String action, int occurrence, Side side, boolean otherNode) {
    /** A place where a fault can strike. */
    private record Target(Step step, String action, int count) {}

    /** @throws InvalidConfig if none of the faults can strike anywhere */
    static Trial draw(long seed, List<Fault> faults, Points points) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Fault> left = new ArrayList<>(faults);
        while (!left.isEmpty()) {
            Fault fault = drawn(left, random);
            if (!fault.isPossible()) {
                left.remove(fault); // drawn all the same, so that other seeds are the same on every machine
                continue;
            }
            Side first = random.nextBoolean() ? Side.BEFORE : Side.AFTER;
            double share = random.nextDouble();
            boolean otherNode = random.nextBoolean();
            for (Side side : List.of(first, first == Side.BEFORE ? Side.AFTER : Side.BEFORE)) {
                Optional<Target> target = target(seed, fault, side, points);
                if (target.isPresent()) {
                    Target found = target.get();
                    int occurrence =
                            1 + (int) (share * share * found.count()); // late ones are those that a run may lack
                    return new Trial(seed, fault, found.step(), found.action(), occurrence, side, otherNode);
                }
            }
            left.remove(fault);
        }
        throw new InvalidConfig(
                "None of these faults can strike here: "
                        + String.join(", ", faults.stream().map(Fault::title).toList()) + ".",
                "Install what docs/proof.md says that they need, or choose others.");
    }

    /** Each family has the same chance, however many kinds it has. */
    private static Fault drawn(List<Fault> faults, SplittableRandom random) {
        var families = faults.stream().map(Fault::family).distinct().toList();
        var family = families.get(random.nextInt(families.size()));
        List<Fault> kinds =
                faults.stream().filter(fault -> fault.family() == family).toList();
        return kinds.get(random.nextInt(kinds.size()));
    }

    /** The one of all with the highest lot, drawn by step first: one action more or less in the list moves no other seed. */
    private static Optional<Target> target(long seed, Fault fault, Side side, Points points) {
        List<Target> all = new ArrayList<>();
        for (Step step : Step.values()) {
            for (Map.Entry<String, Integer> action : points.of(step).entrySet()) {
                if (step != Step.SWITCH_AGAIN && fault.meets(step.command(), action.getKey(), side)) {
                    all.add(new Target(step, action.getKey(), action.getValue()));
                }
            }
        }
        Optional<Step> step = all.stream().map(Target::step).max(Comparator.comparing(each -> lot(seed, each.name())));
        return all.stream()
                .filter(target -> target.step() == step.orElseThrow())
                .max(Comparator.comparing(target -> lot(seed, target.step() + target.action())));
    }

    private static long lot(long seed, String what) {
        return new SplittableRandom(seed * 1_000_003 + what.hashCode()).split().nextLong();
    }

    @Override
    public String toString() {
        return "%s %s %s, no. %d, in %s%s"
                .formatted(
                        fault.title(),
                        side,
                        action,
                        occurrence,
                        step.command(),
                        otherNode ? ", then on another node" : "");
    }
}
