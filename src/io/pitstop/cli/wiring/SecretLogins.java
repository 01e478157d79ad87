package io.pitstop.cli.wiring;

import io.pitstop.aws.Aws;
import io.pitstop.aws.StoredLogin;
import io.pitstop.config.CredentialsConfig;
import io.pitstop.database.Login;
import io.pitstop.database.Logins;
import io.pitstop.error.InvalidConfig;
import java.util.Optional;
import java.util.function.Supplier;

/** A login that AWS keeps: asked for once, and again when the database refuses it, since such passwords are rotated. */
final class SecretLogins implements Logins {
    private final CredentialsConfig where;
    private final Optional<String> user;
    private final Supplier<Aws> aws;
    private Optional<Login> known = Optional.empty();

    /** @param user whose password it is, whatever is kept beside it; empty to take that */
    SecretLogins(CredentialsConfig where, Optional<String> user, Supplier<Aws> aws) {
        this.where = where;
        this.user = user;
        this.aws = aws;
    }

    @Override
    public synchronized Login login(Optional<Login> refused) {
        if (known.isEmpty() || known.equals(refused)) {
            known = Optional.of(read());
        }
        return known.get();
    }

    private Login read() {
        StoredLogin stored = StoredLogin.read(aws.get(), where);
        String name = user.or(stored::user)
                .orElseThrow(() -> new InvalidConfig(
                        "The " + where + " holds a password, but not whose it is.",
                        "Set PITSTOP_DB_USER, or store JSON with the keys username and password."));
        return new Login(name, stored.password());
    }
}
