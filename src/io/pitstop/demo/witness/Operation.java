package io.pitstop.demo.witness;

import java.net.http.HttpRequest;
import java.util.Optional;

/**
 * One request of a client, and its judgement on the answer.
 *
 * @param name what the client wants, for people
 * @param write whether a good answer acknowledges a write
 */
record Operation(String name, boolean write, HttpRequest request, Judge judge) {
    /** Remembers what an answer, or the lack of one, means. Called once. */
    interface Judge {
        /**
         * @param reply empty if none came
         * @return what should have come, if it did not
         */
        Optional<String> expected(Optional<Reply> reply);
    }

    /** An answer as it came over the wire. */
    record Reply(int status, String body) {}
}
