package io.pitstop.release;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;

/**
 * On whose behalf the agent runs, for the event log.
 *
 * @param person user of the build or of the shell
 * @param build Jenkins' build tag, or empty outside a build
 * @param host node that the agent runs on, with the process id
 */
public record Actor(String person, String build, String host) {
    /** Reads what Jenkins (BUILD_TAG, BUILD_USER_ID) or the shell (USER) says. */
    public static Actor from(Map<String, String> environment) {
        String person = Optional.ofNullable(environment.get("BUILD_USER_ID"))
                .or(() -> Optional.ofNullable(environment.get("USER")))
                .orElse(System.getProperty("user.name", "unknown"));
        String build = environment.getOrDefault("BUILD_TAG", environment.getOrDefault("BUILD_URL", ""));
        return new Actor(
                person, build, hostName() + "/" + ProcessHandle.current().pid());
    }

    /** True if this very process has noted it. */
    public boolean hasNoted(Event event) {
        return event.host().equals(host) && event.build().equals(build);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
