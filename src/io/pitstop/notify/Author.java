package io.pitstop.notify;

import io.pitstop.release.Actor;
import java.util.Map;

/**
 * On whose behalf people are told.
 *
 * @param build Jenkins' build tag; empty outside a build
 * @param buildUrl where the build can be looked at; empty if that is not known
 */
record Author(String person, String build, String buildUrl) {
    static Author from(Map<String, String> environment) {
        Actor actor = Actor.from(environment);
        String url = environment.getOrDefault("BUILD_URL", "");
        return new Author(actor.person(), actor.build(), url.matches("https?://[^\\s@<>|\"]+") ? url : "");
    }
}
