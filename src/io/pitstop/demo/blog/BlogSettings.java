package io.pitstop.demo.blog;

import java.util.Map;

/**
 * How one process of the blog is told what to be: by environment variables, as applications usually are.
 *
 * @param port to listen on, 0 for any free one
 * @param colour the environment it runs in
 * @param version "1" or "2"
 */
record BlogSettings(int port, String colour, String version, String url, String user, String password) {
    BlogSettings {
        if (!version.equals("1") && !version.equals("2")) {
            throw new IllegalArgumentException("APP_VERSION is " + version + "; there are versions 1 and 2.");
        }
    }

    static BlogSettings from(Map<String, String> environment) {
        return new BlogSettings(
                Integer.parseInt(required(environment, "PORT")),
                required(environment, "COLOUR"),
                required(environment, "APP_VERSION"),
                required(environment, "BLOG_DB_URL"),
                required(environment, "BLOG_DB_USER"),
                environment.getOrDefault("BLOG_DB_PASSWORD", ""));
    }

    private static String required(Map<String, String> environment, String name) {
        String value = environment.get(name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("The environment variable " + name + " is not set.");
        }
        return value;
    }

    /** Without the password, since settings end up in logs. */
    @Override
    public String toString() {
        return "blog version " + version + " in " + colour;
    }
}
