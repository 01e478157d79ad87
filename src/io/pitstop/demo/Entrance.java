package io.pitstop.demo;

import java.util.Map;

/** How users get to the colours of a stage. */
interface Entrance {
    /** Starts all that it takes; neither colour need run yet. */
    void open();

    /** Stops all of it; does nothing if it was not opened. */
    void close();

    /** What the processes of the stage must know of it, as environment variables. */
    Map<String, String> environment();

    /** The template of pitstop.yml, by its path below the repository. */
    String template();

    /** What only an entrance that is open knows, for that template. */
    Map<String, String> configValues();
}
