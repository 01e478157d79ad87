package io.pitstop.config;

import io.pitstop.error.InvalidConfig;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;

/**
 * Where somebody takes messages. Whoever knows such an address may write there, so that it is a secret as a whole: it is
 * kept as pitstop.yml has it, with {@code ${NAME}} in it, and read when something is sent.
 */
public final class Webhook {
    private final String written;

    private Webhook(String written) {
        this.written = written;
    }

    /**
     * Reads the key {@code url}.
     *
     * @param open true for receivers whose address need not be a secret, so that the file may have all of it
     */
    static Webhook from(Section section, boolean open) {
        String text = section.written("url");
        if (Section.VARIABLE.matcher(text).find() || open && Address.http(text).isPresent()) {
            return new Webhook(text);
        }
        throw refused(section, open);
    }

    /** Without the value: it may be a secret that somebody has put there. */
    private static InvalidConfig refused(Section section, boolean open) {
        String variable = "put it into an environment variable and write \"${NAME}\".";
        return open
                ? section.invalid(
                        "url",
                        section.path("url") + " is no http or https address without user, query and fragment.",
                        "Write one such as https://hooks.internal/pitstop; if it holds a secret, " + variable)
                : section.invalid(
                        "url",
                        section.path("url") + " names no environment variable, and the address is a secret.",
                        "Take the address out of the file, " + variable);
    }

    /** The first of its variables that has no value; empty if all have one. */
    public Optional<String> missing(Function<String, String> environment) {
        return Section.VARIABLE
                .matcher(written)
                .results()
                .map(variable -> variable.group(1))
                .filter(name ->
                        Optional.ofNullable(environment.apply(name)).orElse("").isBlank())
                .findFirst();
    }

    /**
     * The address itself, a secret; empty if it is no http or https address.
     *
     * @param environment of which none is {@link #missing}
     */
    public Optional<URI> address(Function<String, String> environment) {
        String text = Section.VARIABLE
                .matcher(written)
                .replaceAll(variable -> Matcher.quoteReplacement(environment.apply(variable.group(1))))
                .strip();
        try {
            URI uri = URI.create(text);
            boolean usable = uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && String.valueOf(uri.getScheme()).matches("(?i)https?");
            return usable ? Optional.of(uri) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What may be shown: variables without their values, and of an address no more than where it leads. */
    @Override
    public String toString() {
        return written.replaceFirst("://[^/?#]*@", "://...@").replaceFirst("(://[^/?#]+[/?#]).+", "$1...");
    }
}
