package io.pitstop.explore;

import io.pitstop.release.Fact;
import io.pitstop.traffic.Split;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Goes from each state that is new by every move there is, breadth first, until there is no new one or the time is over. */
final class Exploration {
    /** The way without a detour: its states are looked at first, so that a short run has seen all phases. */
    static final List<Move> MILESTONES = List.of(
            Move.EXPAND,
            Move.DEPLOY,
            Move.BACKFILL,
            Move.SMOKE,
            Move.APPROVE,
            Move.SWITCH,
            Move.TIME,
            Move.CONTRACT,
            Move.RESTORE);
    /** The other build repeats what depends on who does it. */
    private static final Set<Move> OF_THE_OTHER = EnumSet.of(Move.APPROVE, Move.SWITCH, Move.ROLLBACK);

    private final Stage stage;
    private final Map<String, Agent> agents;
    private final Map<StateKey, State> states = new LinkedHashMap<>();
    private final Deque<State> ahead = new ArrayDeque<>();
    private final Map<State, Set<State>> ways = new HashMap<>();
    private final Map<State, Map<String, String>> ends = new HashMap<>();
    private final List<Promise> promises = new ArrayList<>();
    private final Map<String, Map<String, Integer>> counts = new TreeMap<>();
    private final List<String> broken = new ArrayList<>();
    private int transitions;
    private long began;

    Exploration(Stage stage, Map<String, Agent> agents) {
        this.stage = stage;
        this.agents = agents;
    }

    /** Whoever runs {@code move} in {@code state} must come to {@code essence}. */
    private record Promise(State state, String move, String essence, String sentence) {}

    /** Returns what was found to be broken, each with the way that leads there. */
    List<String> run(Snapshot begin, Duration time) {
        began = System.nanoTime();
        State state = state(begin, null, "");
        straight(state);
        List<State> late = new ArrayList<>(ahead);
        ahead.clear();
        detours(state);
        late.forEach(ahead::addFirst); // the last one first: more is at stake
        while (!ahead.isEmpty() && System.nanoTime() - began < time.toNanos() && broken.size() < 20) {
            expand(ahead.remove());
        }
        keepPromises();
        everyStateHasAnEnd();
        return List.copyOf(broken);
    }

    private void straight(State begin) {
        State state = begin;
        for (Move move : MILESTONES) {
            state = take(state, move, "A");
        }
    }

    /** The way to the switch, without each of its steps in turn. */
    private void detours(State begin) {
        for (Move left : MILESTONES.subList(1, 5)) {
            State state = begin;
            for (Move move : MILESTONES.subList(0, 6)) {
                state = move == left ? state : take(state, move, "A");
            }
        }
    }

    /** One line. */
    String summary() {
        int depth = states.values().stream().mapToInt(State::depth).max().orElse(0);
        return "state space: " + states.size() + " states" + (ahead.isEmpty() ? ", all of them" : "")
                + ", " + ends.size() + " explored, " + transitions + " transitions, depth " + depth + ", "
                + Duration.ofNanos(System.nanoTime() - began).toSeconds() + " s; " + counts;
    }

    int count(Move move, String word) {
        return counts.getOrDefault(move.toString(), Map.of()).getOrDefault(word, 0);
    }

    private void expand(State state) {
        Set<String> refused = new HashSet<>();
        for (Move move : Move.values()) {
            if (move.isPossible(state.at())) {
                take(state, move, "A");
                if (ends.get(state).getOrDefault(move + " by A", "").startsWith("refused")) {
                    refused.add(move.toString());
                }
                if (OF_THE_OTHER.contains(move)) {
                    take(state, move, "B");
                }
            }
        }
        stage.restore(state.at());
        for (String next : agents.get("A").promised()) {
            if (isHeldTo(next, state.at()) && refused.contains(next)) {
                broken.add("status never promises what is refused: " + next + "\n  at " + state.path());
            }
        }
    }

    /** Status says how far a release is, not who is ill or who meddles. */
    private static boolean isHeldTo(String next, Snapshot at) {
        Outside outside = at.outside();
        boolean well = outside.sick().isEmpty() && outside.serves(at.candidate().other());
        boolean calm = outside.split().equals(Split.allTo(at.candidate().other()));
        return switch (next) {
            case "rollback" -> well || at.is(Fact.CONTRACT_BEGUN);
            case "migrate-expand", "deploy-green", "backfill", "smoke-test" -> well && calm;
            case "contract" -> at.is(Fact.CONTRACT_BEGUN);
            default -> false;
        };
    }

    /** Returns where it leads. */
    private State take(State state, Move move, String name) {
        stage.restore(state.at());
        Agent agent = agents.get(name);
        List<Snapshot> crashes = new ArrayList<>();
        Set<StateKey> seen = new HashSet<>(Set.of(state.key()));
        agent.watched(
                () -> {
                    Snapshot crash = stage.snapshot();
                    if (seen.add(StateKey.of(crash))) {
                        crashes.add(crash);
                    }
                },
                () -> {});
        Outcome outcome = move.run(stage, agent);
        agent.unwatched();
        Snapshot after = stage.snapshot();
        transitions++;
        String by = move + " by " + name;
        counts.computeIfAbsent(move.toString(), any -> new TreeMap<>()).merge(outcome.word(), 1, Integer::sum);
        State next = state(after, state, by + " (" + outcome.word() + ")");
        List<String> wrong = new ArrayList<>(stage.violations());
        wrong.addAll(Invariants.of(outcome, state.at(), after));
        wrong.forEach(sentence -> broken.add(
                sentence + "\n  " + by + ": " + outcome + "\n  from " + state.path() + "\n  to " + next.key()));
        ends.computeIfAbsent(state, any -> new HashMap<>())
                .put(by, outcome.word() + " " + next.key().essence());
        ways.computeIfAbsent(next, any -> new HashSet<>()).add(state);
        if (outcome.isDone() && move.isStep()) {
            promise(next, by, next, "run twice = run once");
        }
        for (Snapshot crash : crashes) {
            State left = state(crash, state, by + " (killed)");
            ways.computeIfAbsent(left, any -> new HashSet<>()).add(state);
            if (outcome.isDone()) {
                promise(left, by, next, "killed at any instant, then run again = run once");
            }
        }
        return next;
    }

    private void promise(State state, String move, State end, String sentence) {
        promises.add(new Promise(state, move, "done " + end.key().essence(), sentence));
    }

    private State state(Snapshot at, State from, String by) {
        StateKey key = StateKey.of(at);
        State known = states.get(key);
        if (known != null) {
            return known;
        }
        State state = new State(states.size(), at, key, from, by);
        states.put(key, state);
        ahead.add(state);
        Invariants.of(at, Optional.ofNullable(from).map(State::at))
                .forEach(sentence -> broken.add(sentence + "\n  at " + state.path()));
        return state;
    }

    private void keepPromises() {
        for (Promise promise : promises) {
            String end = ends.getOrDefault(promise.state(), Map.of()).get(promise.move());
            if (end != null && !end.equals(promise.essence())) {
                broken.add(promise.sentence() + "\n  " + promise.move() + " at "
                        + promise.state().path() + "\n  came to " + end + "\n  not to  " + promise.essence());
            }
        }
    }

    /** Of states that were not looked at nobody knows. */
    private void everyStateHasAnEnd() {
        Deque<State> good = new ArrayDeque<>();
        for (State state : states.values()) {
            if (ahead.contains(state)
                    || state.at().release().isPresent() && !state.at().isOpen()) {
                good.add(state);
            }
        }
        Set<State> reached = new HashSet<>(good);
        while (!good.isEmpty()) {
            for (State before : ways.getOrDefault(good.remove(), Set.of())) {
                if (reached.add(before)) {
                    good.add(before);
                }
            }
        }
        states.values().stream()
                .filter(state -> !reached.contains(state))
                .forEach(state -> broken.add("from every state some way leads to an end\n  at " + state.path()));
    }
}
