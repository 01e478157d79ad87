package io.pitstop.database;

import java.util.Optional;

/** Where logins come from. */
@FunctionalInterface
public interface Logins {
    /**
     * Returns the login to use now.
     *
     * @param refused a login from here that the server does not take any more, as passwords are changed; the same one comes
     *     back if there is no other
     */
    Login login(Optional<Login> refused);
}
