package io.pitstop.prove.fault;

import io.pitstop.prove.wire.Passage;
import io.pitstop.prove.wire.Side;
import java.util.List;
import java.util.Set;

/** One thing that goes wrong, once, at an action of the agent. */
public interface Fault {
    Family family();

    /** In a few words, such as {@code agent killed}. */
    String title();

    /** Whether it can strike at this action of this command. */
    boolean meets(String command, String action, Side side);

    /** Whether this machine has what it takes; one that has not tries the others. */
    default boolean isPossible() {
        return true;
    }

    /** Before the command starts. */
    default void prepare(Scene scene) {}

    /** At the action, which waits; returns what becomes of it. */
    Passage strike(Scene scene);

    /** What becomes of an action that comes after it, while the command still runs. */
    default Passage linger(Scene scene, String action, Side side) {
        return Passage.GO;
    }

    /** After the command has ended: what struck is over or mended, as its operators would. */
    default void end(Scene scene) {}

    /** The exit codes with which the command may end. */
    Set<Integer> exits();

    /**
     * The commands that have to run before the step is run again, as the command's hint or the documentation says.
     *
     * @param exitCode of the command that was struck
     */
    default List<String> mended(int exitCode) {
        return List.of();
    }

    /** Whether users suffer from it whatever the tool does: their failures while it lasts are counted apart. */
    default boolean hurtsUsers() {
        return false;
    }
}
