package io.pitstop.release;

import io.pitstop.database.Database;

/** The database sessions of each colour's connection pool, told apart by their application_name. */
public final class ColourSessions {
    private final Database database;
    private final String application;

    public ColourSessions(Database database, String application) {
        this.database = database;
        this.application = application;
    }

    /** The application_name that the sessions of {@code colour} carry. */
    public String name(Colour colour) {
        return database.config()
                .sessions()
                .replace("{application}", application)
                .replace("{colour}", colour.toString());
    }

    public int count(Colour colour) {
        return database.countSessions(name(colour));
    }
}
