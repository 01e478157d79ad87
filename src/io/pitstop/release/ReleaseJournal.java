package io.pitstop.release;

import io.pitstop.database.Database;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.release.JournalSchema.State;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The durable memory of every release of one application, in schema {@code pitstop} of its own database.
 *
 * <p>Reading needs no more than a look. Writing needs a {@link Lease}, so that a process that was given up for dead
 * cannot write any more.
 */
public final class ReleaseJournal {
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String COLUMNS =
            "SELECT id, application, version, from_version, candidate, opened_at, finished_at FROM pitstop.releases ";

    private final Database database;
    private final String application;
    private final Actor actor;
    private final JournalSchema schema;
    private final Consumer<Release> noticed;

    public ReleaseJournal(Database database, String application, Actor actor) {
        this(database, application, actor, release -> {});
    }

    /** @param noticed gets each release that is read: one command reads one */
    public ReleaseJournal(Database database, String application, Actor actor, Consumer<Release> noticed) {
        this.noticed = noticed;
        this.database = database;
        this.application = application;
        this.actor = actor;
        this.schema = new JournalSchema(database);
    }

    /** The release that is under way; empty if there is none. */
    public Optional<Release> unfinished() {
        return find("WHERE application = ? AND finished_at IS NULL", application);
    }

    /** The release that was opened last, finished or not. */
    public Optional<Release> latest() {
        return find("WHERE application = ? ORDER BY opened_at DESC LIMIT 1", application);
    }

    /** @throws InvalidConfig if there is no such release */
    public Release load(String id) {
        return find("WHERE application = ? AND id = ?", application, id)
                .orElseThrow(() -> new InvalidConfig(
                        "There is no release " + id + " of " + application + ".",
                        "Leave the release out to take the last one; SELECT id FROM pitstop.releases has them all."));
    }

    /**
     * Opens a release.
     *
     * @throws MoveRefused if another release is unfinished
     */
    public Release open(String version, String fromVersion, Colour candidate) {
        String sql = "INSERT INTO pitstop.releases (id, application, version, from_version, candidate)"
                + " SELECT ? || '-' || ? || '-' || count(*) + 1, ?, ?, ?, ? FROM pitstop.releases"
                + " WHERE application = ? AND version = ? RETURNING id";
        prepare();
        try (Connection connection = session();
                PreparedStatement insert = connection.prepareStatement(sql)) {
            Sql.bind(
                    insert,
                    application,
                    version,
                    application,
                    version,
                    fromVersion,
                    candidate.toString(),
                    application,
                    version);
            try (ResultSet rows = insert.executeQuery()) {
                rows.next();
                return load(rows.getString(1));
            }
        } catch (SQLException e) {
            if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw MoveRefused.busy(
                        unfinished().map(Release::id).orElse("unknown"),
                        "Another release of " + application + " was opened at the same moment.",
                        "Run pitstop status to see it.");
            }
            throw Database.failure(e);
        }
    }

    /**
     * Takes the right to work on {@code step} of a release.
     *
     * @throws MoveRefused if somebody else is at it, naming them
     */
    public Lease lease(Release release, String step) {
        prepare();
        return Lease.take(database, release, step, actor);
    }

    /** Takes the right to work on {@code step} of a release; empty if somebody else is at it now. */
    public Optional<Lease> tryLease(Release release, String step) {
        prepare();
        return Lease.tryToTake(database, release, step, actor, false);
    }

    /** Takes the right to work on {@code step} from whoever has it; they stop before their next action. */
    public Lease seize(Release release, String step) {
        prepare();
        return Lease.tryToTake(database, release, step, actor, true).orElseThrow();
    }

    /** The steps that somebody works on now. */
    public List<LeaseHolder> holders(Release release) {
        String sql = "SELECT step, person, build, host, taken_at FROM pitstop.leases WHERE release = ? ORDER BY step";
        return list(sql, release.id(), LeaseHolder::from);
    }

    /** The database's clock, which is the one that facts are dated by. */
    public Instant now() {
        return list("SELECT clock_timestamp() WHERE ? IS NOT NULL", application, rows -> instant(rows, 1))
                .get(0);
    }

    /** What happened, oldest first. */
    public List<Event> events(Release release) {
        String sql = "SELECT at, step, event, person, build, host, detail FROM pitstop.events"
                + " WHERE release = ? ORDER BY id";
        return list(
                sql,
                release.id(),
                rows -> new Event(
                        instant(rows, 1),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getString(4),
                        rows.getString(5),
                        rows.getString(6),
                        rows.getString(7)));
    }

    /** What people decided about the steps of a release, oldest first; the last decision about each step. */
    public List<Approval> approvals(Release release) {
        try (Connection connection = session()) {
            return schema.state(connection) == State.CURRENT
                    ? new ApprovalTable(connection).of(release.id())
                    : List.of();
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    /** Whoever asks watches over users at the same time: a server that does not answer must not keep them from it. */
    private Connection session() {
        Connection session = database.connect("journal");
        try {
            Lease.limitAnswers(session);
            return session;
        } catch (SQLException e) {
            Database.close(session);
            throw Database.failure(e);
        }
    }

    private void prepare() {
        try (Connection connection = session()) {
            if (schema.state(connection) == State.CURRENT) {
                return;
            }
        } catch (SQLException e) {
            throw Database.failure(e);
        }
        schema.migrate();
    }

    private Optional<Release> find(String where, String... values) {
        try (Connection connection = session()) {
            if (schema.state(connection) == State.ABSENT) {
                return Optional.empty();
            }
            try (PreparedStatement query = connection.prepareStatement(COLUMNS + where)) {
                Sql.bind(query, (Object[]) values);
                try (ResultSet rows = query.executeQuery()) {
                    Optional<Release> found = rows.next() ? Optional.of(release(connection, rows)) : Optional.empty();
                    found.ifPresent(noticed);
                    return found;
                }
            }
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    private static Release release(Connection connection, ResultSet row) throws SQLException {
        String id = row.getString("id");
        return new Release(
                id,
                row.getString("application"),
                row.getString("version"),
                row.getString("from_version"),
                Colour.valueOf(row.getString("candidate").toUpperCase(java.util.Locale.ROOT)),
                instant(row, 6),
                facts(connection, id),
                Optional.ofNullable(row.getTimestamp("finished_at")).map(Timestamp::toInstant));
    }

    private static Map<Fact, Instant> facts(Connection connection, String release) throws SQLException {
        Map<Fact, Instant> facts = new EnumMap<>(Fact.class);
        try (PreparedStatement query =
                connection.prepareStatement("SELECT fact, at FROM pitstop.facts WHERE release = ?")) {
            query.setString(1, release);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    facts.put(Fact.valueOf(rows.getString(1)), instant(rows, 2));
                }
            }
        }
        return facts;
    }

    private <T> List<T> list(String sql, String release, Row<T> read) {
        try (Connection connection = session();
                PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, release);
            List<T> list = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    list.add(read.from(rows));
                }
            }
            return list;
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getTimestamp(column).toInstant();
    }

    private interface Row<T> {
        T from(ResultSet row) throws SQLException;
    }
}
