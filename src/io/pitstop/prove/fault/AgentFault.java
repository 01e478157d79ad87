package io.pitstop.prove.fault;

import io.pitstop.prove.wire.Passage;
import io.pitstop.prove.wire.Side;
import java.util.Locale;
import java.util.Set;

/** The agent is stopped at one of its own actions. */
enum AgentFault implements Fault {
    /** By kill -9: it does nothing any more. */
    KILLED(137),
    /** By Ctrl-C: it puts back what it must. */
    INTERRUPTED(130),
    /** As an aborted build ends its processes. */
    TERMINATED(143);

    private final int exit;

    AgentFault(int exit) {
        this.exit = exit;
    }

    @Override
    public Family family() {
        return Family.AGENT;
    }

    @Override
    public boolean meets(String command, String action, Side side) {
        return true;
    }

    @Override
    public Passage strike(Scene scene) {
        return switch (this) {
            case KILLED -> {
                scene.command().kill();
                // Terraform lives on without the agent that started it; whether it had started yet is a matter of luck.
                boolean orphan =
                        scene.action().startsWith("terraform") && scene.random().nextBoolean();
                yield orphan ? Passage.GO : Passage.CUT;
            }
            case INTERRUPTED -> signalled(scene, "INT");
            case TERMINATED -> signalled(scene, "TERM");
        };
    }

    private static Passage signalled(Scene scene, String signal) {
        scene.command().signal(signal);
        // On its way the signal overtakes the action, or it does not.
        Scene.pause(scene.random().nextInt(30));
        return Passage.GO;
    }

    /** A signal that came with the last action finds nothing left to interrupt. */
    @Override
    public Set<Integer> exits() {
        return this == KILLED ? Set.of(exit) : Set.of(exit, 0);
    }

    @Override
    public String title() {
        return "agent " + name().toLowerCase(Locale.ROOT);
    }
}
