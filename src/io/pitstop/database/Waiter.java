package io.pitstop.database;

import java.time.Duration;

/**
 * A session of the application that waits for one of ours.
 *
 * @param pid process id of the session in the server
 * @param name its application_name
 * @param waited how long it has waited because of us
 * @param query how its statement begins, without any value
 * @param lock what it waits for, in words
 */
public record Waiter(int pid, String name, Duration waited, String query, String lock) {
    @Override
    public String toString() {
        String who = "pid " + pid + (name.isEmpty() ? "" : " (" + name + ")");
        return who + " waited " + waited.toMillis() + " ms for " + lock + (query.isEmpty() ? "" : " to do: " + query);
    }
}
