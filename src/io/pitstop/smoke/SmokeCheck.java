package io.pitstop.smoke;

import java.net.URI;

/** One question to the idle colour. What is wrong with the colour is a failed result, never an exception. */
public sealed interface SmokeCheck permits HttpCheck, CommandCheck, LoadCheck {
    /** What is checked, as the operator knows it from pitstop.yml. */
    String name();

    /**
     * Asks once.
     *
     * @param idle address of the colour that is checked
     * @param live address of the colour that serves users, to compare with
     * @throws io.pitstop.error.Interrupted if the thread is interrupted; nothing that was started is left running
     */
    CheckResult run(URI idle, URI live);
}
