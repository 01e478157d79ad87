package io.pitstop.config;

import java.time.Duration;
import java.util.Optional;

/**
 * The {@code database} section of pitstop.yml. User and password are never in it: they come by PITSTOP_DB_USER and
 * PITSTOP_DB_PASSWORD, or from where AWS keeps them.
 *
 * @param url JDBC URL, without user and password
 * @param lockTimeout the longest that any statement of ours may make the application wait
 * @param lockWithin how long a migration goes on trying for its locks before it stops
 * @param sessions application_name of one colour's sessions; {@code {application}} and {@code {colour}} are filled in
 * @param poolSize most sessions that one target of the application opens; empty if nobody told
 * @param credentials where AWS keeps the password; empty if only variables give it
 */
public record DatabaseConfig(
        String url,
        Duration lockTimeout,
        Duration lockWithin,
        String sessions,
        Optional<Integer> poolSize,
        Optional<CredentialsConfig> credentials) {
    /** With user and password by variables. */
    public DatabaseConfig(String url, Duration lockTimeout, Duration lockWithin, String sessions) {
        this(url, lockTimeout, lockWithin, sessions, Optional.empty(), Optional.empty());
    }

    /** The same database, with less patience for locks. */
    public DatabaseConfig within(Duration lockWithin) {
        return new DatabaseConfig(url, lockTimeout, lockWithin, sessions, poolSize, credentials);
    }

    static DatabaseConfig from(Section section) {
        String url = section.text("url");
        if (!url.startsWith("jdbc:postgresql:")) {
            throw section.invalid(
                    "url",
                    section.path("url") + " is not a PostgreSQL URL.",
                    "Write jdbc:postgresql://host:port/database.");
        }
        if (url.matches("(?i).*[?&](user|password)=.*") || url.matches("jdbc:postgresql://[^/]*@.*")) {
            throw section.invalid(
                    "url",
                    section.path("url") + " holds a user or a password.",
                    "Take them out and set PITSTOP_DB_USER and PITSTOP_DB_PASSWORD.");
        }
        Duration lockTimeout = section.duration("lockTimeout", Duration.ofMillis(200));
        if (lockTimeout.toMillis() < 1 || lockTimeout.toSeconds() > 10) {
            throw section.invalidValue("lockTimeout", "Choose 1ms to 10s; 200ms is a good start.");
        }
        String sessions = section.text("sessions", "{application}-{colour}");
        if (!sessions.contains("{colour}")) {
            throw section.invalid(
                    "sessions", section.path("sessions") + " does not tell the colours apart.", "Put {colour} in it.");
        }
        Duration lockWithin = section.duration("lockWithin", Duration.ofMinutes(2));
        Optional<Integer> poolSize = section.findInteger("poolSize");
        if (poolSize.filter(size -> size < 1).isPresent()) {
            throw section.invalidValue("poolSize", "Write how many sessions the pool of one target opens at most.");
        }
        Optional<CredentialsConfig> credentials =
                section.findSection("credentials").map(CredentialsConfig::from);
        section.end();
        return new DatabaseConfig(url, lockTimeout, lockWithin, sessions, poolSize, credentials);
    }
}
