package io.pitstop.telemetry;

import java.io.IOException;

/** Takes figures in the text format of Prometheus. Its text form is what people know it by, without secrets. */
interface Sink {
    /**
     * Takes the place of what came before.
     *
     * @param state figures of the application, which hold beyond this command
     * @param own figures of this command
     * @throws IOException whose message says why it did not, without secrets
     */
    void take(String state, String own) throws IOException;
}
