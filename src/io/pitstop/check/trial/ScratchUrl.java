package io.pitstop.check.trial;

import io.pitstop.database.Access;
import io.pitstop.database.Database;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** An empty database on a server that somebody named; one of our own beside it, where we may create one. */
public final class ScratchUrl implements Scratch {
    private static final String USER = "PITSTOP_SCRATCH_USER";
    private static final String PASSWORD = "PITSTOP_SCRATCH_PASSWORD";
    private static final String FORBIDDEN = "42501";
    private static final String EMPTY = "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE c.oid >= 16384 AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'"
            + " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')";
    /** What of ours is in it, as statements that remove it; what belongs to an extension stays with the extension. */
    private static final String LEFT =
            """
            SELECT format('DROP SCHEMA IF EXISTS %I CASCADE', nspname) FROM pg_namespace
             WHERE nspname NOT IN ('public', 'information_schema') AND nspname !~ '^pg_'
               AND pg_has_role(nspowner, 'USAGE')
            UNION ALL
            SELECT format('DROP %s IF EXISTS %s CASCADE', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                   WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END, c.oid::regclass)
              FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
               AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
            UNION ALL
            SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure) FROM pg_proc p
             WHERE pronamespace = 'public'::regnamespace
               AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
            UNION ALL
            SELECT format('DROP TYPE IF EXISTS %s CASCADE', oid::regtype) FROM pg_type t
             WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd', 'r')
               AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')
            """;

    private final Access named;
    private final Optional<String> own;
    private final String version;

    private ScratchUrl(Access named, Optional<String> own, String version) {
        this.named = named;
        this.own = own;
        this.version = version;
    }

    /**
     * @param url JDBC URL, without user and password
     * @param environment holds PITSTOP_SCRATCH_USER, and PITSTOP_SCRATCH_PASSWORD unless the server asks for none
     */
    public static ScratchSource source(String url, Map<String, String> environment) {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new InvalidConfig(
                    "--scratch-url is not a PostgreSQL URL.", "Write jdbc:postgresql://host:port/name.");
        }
        String user = environment.getOrDefault(USER, "");
        if (user.isBlank()) {
            throw new InvalidConfig(
                    "The environment variable " + USER + " is not set.", "Set " + USER + " and " + PASSWORD + ".");
        }
        Access access = new Access(url, user, environment.getOrDefault(PASSWORD, ""));
        return (major, reason) -> open(access, major, reason);
    }

    private static Optional<Scratch> open(Access access, OptionalInt major, Consumer<String> reason) {
        try (Connection connection = access.connect("trial");
                Statement statement = connection.createStatement()) {
            String version = value(statement, "SELECT current_setting('server_version')");
            int number = Integer.parseInt(value(statement, "SELECT current_setting('server_version_num')"));
            if (major.isPresent() && number / 10_000 != major.getAsInt()) {
                reason.accept(access + " is PostgreSQL " + version + ", not " + major.getAsInt());
                return Optional.empty();
            }
            refuseUnlessEmpty(access, statement);
            return Optional.of(new ScratchUrl(access, create(statement), version));
        } catch (SQLException e) {
            throw failure(access, e);
        }
    }

    /** Whatever is in it may be dear to somebody, all the more if it is production. */
    private static void refuseUnlessEmpty(Access access, Statement statement) throws SQLException {
        String relations = value(statement, EMPTY);
        if (!relations.equals("0")) {
            throw new InvalidConfig(
                    "The scratch database " + access + " is not empty: it holds " + relations + " relations.",
                    "Name an empty database that nobody needs, never the application's own.");
        }
    }

    private static Optional<String> create(Statement statement) throws SQLException {
        String name = "pitstop_trial_" + Long.toString(new SecureRandom().nextLong() & Long.MAX_VALUE, 36);
        try {
            statement.execute("CREATE DATABASE " + name + " TEMPLATE template0");
            return Optional.of(name);
        } catch (SQLException e) {
            if (FORBIDDEN.equals(e.getSQLState())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public Connection connect() throws SQLException {
        return own.map(named::to).orElse(named).connect("trial");
    }

    @Override
    public void administer(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public String origin() {
        return version + " at " + named;
    }

    @Override
    public void close() {
        try (Connection connection = named.connect("trial");
                Statement statement = connection.createStatement()) {
            if (own.isPresent()) {
                statement.execute("DROP DATABASE IF EXISTS " + own.get() + " WITH (FORCE)");
            } else {
                empty(statement);
            }
        } catch (SQLException e) {
            throw failure(named, e);
        }
    }

    private static void empty(Statement statement) throws SQLException {
        List<String> drops = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(LEFT)) {
            while (rows.next()) {
                drops.add(rows.getString(1));
            }
        }
        for (String drop : drops) {
            statement.execute(drop);
        }
    }

    private static String value(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static DependencyFailed failure(Access access, SQLException e) {
        return new DependencyFailed(
                "The scratch database " + access + " fails: " + Database.message(e),
                "Check --scratch-url, " + USER + " and " + PASSWORD + ".",
                e);
    }
}
