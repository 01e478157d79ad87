package io.pitstop.demo.witness;

import io.pitstop.demo.blog.Seed;
import java.net.URI;

/**
 * What the witness does.
 *
 * @param router where users come in, such as {@code http://127.0.0.1:8080}, without a slash at its end
 * @param seed the posts that are there before it starts
 * @param clients how many users there are; each waits for its answer before it asks again
 * @param perSecond requests a second, however slow the answers are
 */
public record WitnessPlan(URI router, Seed seed, int clients, int perSecond) {
    public WitnessPlan {
        if (clients < 1 || clients > 1_000 || perSecond < 1 || perSecond > 10_000) {
            throw new IllegalArgumentException(clients + " clients, " + perSecond + " requests/s");
        }
    }

    /** 50 clients, 200 requests a second. */
    public WitnessPlan(URI router, Seed seed) {
        this(router, seed, 50, 200);
    }
}
