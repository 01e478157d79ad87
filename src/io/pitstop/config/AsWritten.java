package io.pitstop.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The values of pitstop.yml that came from environment variables, as the file has them: with {@code ${NAME}} in it.
 * Whoever shows a setting shows this, as the variable may hold a secret.
 */
public final class AsWritten {
    private final Map<String, String> texts = new HashMap<>();

    AsWritten() {}

    void remember(String path, String text) {
        texts.put(path, text);
    }

    /**
     * The text of one value; empty if no variable is in it.
     *
     * @param path keys and positions as in the file, such as {@code environments.variables.size} or
     *     {@code smoke[0].http.path}
     */
    public Optional<String> at(String path) {
        return Optional.ofNullable(texts.get(path));
    }

    /** The texts without values: safe to show. */
    @Override
    public String toString() {
        return texts.toString();
    }
}
