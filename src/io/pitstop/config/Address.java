package io.pitstop.config;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/** How pitstop.yml names what is reached by HTTP: an address without secrets, and a variable that holds them. */
final class Address {
    private Address() {}

    /** Empty if it is no http or https address, or holds a user, a query or a fragment. */
    static Optional<URI> http(String text) {
        try {
            URI uri = URI.create(text);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            boolean usable = (scheme.equals("http") || scheme.equals("https"))
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
            return usable ? Optional.of(uri) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Written in capitals as such names are, so that nobody puts the secret itself here. */
    static Optional<String> variable(String text) {
        return text.matches("[A-Z_][A-Z0-9_]*") ? Optional.of(text) : Optional.empty();
    }
}
