package io.pitstop.telemetry;

import io.micrometer.core.ipc.http.HttpSender;
import io.micrometer.core.ipc.http.HttpUrlConnectionSender;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Sends for Micrometer, and says itself what went wrong: Micrometer would log it, maybe with the address, and Datadog's has
 * the key in it.
 */
final class Sender implements HttpSender {
    private final HttpSender http = new HttpUrlConnectionSender(Telemetry.PATIENCE, Telemetry.PATIENCE);
    private final String receiver;
    private final Consumer<String> warnings;
    private volatile boolean warned;

    /** @param receiver for messages, without secrets */
    Sender(String receiver, Consumer<String> warnings) {
        this.receiver = receiver;
        this.warnings = warnings;
    }

    @Override
    public Response send(Request request) throws Throwable {
        try {
            Response answer = http.send(request);
            if (!answer.isSuccessful()) {
                warn("it answers " + answer.code());
            }
            return answer;
        } catch (IOException e) {
            warn(e.getClass().getSimpleName());
            throw e;
        }
    }

    private void warn(String why) {
        if (!warned) {
            warned = true;
            warnings.accept("warning: " + receiver + " does not take figures: " + why + ".");
        }
    }
}
