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

    /** Before the command starts. */
    default void prepare(Scene scene) {}

    /** At the action, which waits; returns what becomes of it. */
    Passage strike(Scene scene);

    /** After the command has ended: what struck is over or mended, as its operators would. */
    default void end(Scene scene) {}

    /** The exit codes with which the command may end. */
    Set<Integer> exits();

    /** The commands that have to run before the step is run again, as the command's hint or the documentation says. */
    default List<String> mended() {
        return List.of();
    }

    /** Whether users suffer from it whatever the tool does: their failures while it lasts are counted apart. */
    default boolean hurtsUsers() {
        return false;
    }
}
