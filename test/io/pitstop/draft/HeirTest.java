package io.pitstop.draft;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A column in a schema of its own, with indexes, constraints and a trigger that likes to be last. */
class HeirTest {
    @TempDir
    private Path folder;

    private Rehearsal rehearsal;

    @BeforeEach
    void schema() {
        rehearsal = new Rehearsal(
                folder,
                """
                CREATE SCHEMA app;
                CREATE TABLE app.teams (code varchar(20) PRIMARY KEY);
                CREATE TABLE app.users (
                    id bigint PRIMARY KEY,
                    team varchar(20) NOT NULL DEFAULT 'red' REFERENCES app.teams (code),
                    place int,
                    UNIQUE (team, place)
                );
                CREATE INDEX users_team ON app.users (team);
                CREATE INDEX users_lower_team ON app.users (lower(team));
                CREATE FUNCTION app.trimmed() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    NEW.team := trim(NEW.team);
                    RETURN NEW;
                END $$;
                CREATE TRIGGER zzz_trimmed BEFORE INSERT OR UPDATE OF team ON app.users
                    FOR EACH ROW EXECUTE FUNCTION app.trimmed();
                """);
        rehearsal.server.execute("INSERT INTO app.teams VALUES ('red'), ('blue')");
        rehearsal.server.execute("INSERT INTO app.users (id, team, place) VALUES (1, 'red', 1)");
    }

    @Test
    void the_new_column_inherits_what_the_old_one_had_and_the_rest_is_named() {
        Draft draft = rehearsal.draft(new RenameColumn(rehearsal.table("app", "users"), "team", "squad"));
        assertThat(rehearsal.check()).isEmpty();
        rehearsal.expand();
        rehearsal.server.execute("INSERT INTO app.users (id, team, place) VALUES (2, ' blue ', 2)");
        rehearsal.backfill().finish();
        rehearsal.server.execute("DROP TRIGGER zzz_trimmed ON app.users");
        rehearsal.contract();
        rehearsal.server.execute("INSERT INTO app.users (id) VALUES (3)");

        assertThat(rehearsal.server.query("SELECT string_agg(squad, ' ' ORDER BY id) FROM app.users"))
                .isEqualTo("red blue red");
        assertThat(rehearsal.server.query("SELECT string_agg(pg_get_constraintdef(oid), '; ' ORDER BY contype, conname)"
                        + " FROM pg_constraint WHERE conrelid = 'app.users'::regclass AND contype IN ('f', 'u')"))
                .isEqualTo("FOREIGN KEY (squad) REFERENCES app.teams(code); UNIQUE (squad, place)");
        assertThat(rehearsal.server.query("SELECT indexdef FROM pg_indexes WHERE indexname = 'users_squad'"))
                .endsWith("(squad)");
        assertThat(rehearsal.server.query(
                        "SELECT is_nullable FROM information_schema.columns WHERE column_name = 'squad'"))
                .isEqualTo("NO");
        assertThat(draft.notes())
                .satisfiesExactly(
                        note -> assertThat(note).contains("lower((team)::text)"),
                        note -> assertThat(note).contains("Contract fails as long as trigger zzz_trimmed"),
                        note -> assertThat(note).contains("Trigger zzz_trimmed acts on rows of users first"));
    }

    @Test
    void what_makes_values_compare_otherwise_is_inherited_or_named() {
        rehearsal.server.execute(
                "ALTER TABLE app.users ADD COLUMN nick text COLLATE \"C\"",
                "CREATE UNIQUE INDEX users_nick ON app.users (nick COLLATE \"POSIX\")",
                "ALTER TABLE app.users ADD CONSTRAINT nick_of_place UNIQUE (place, nick) DEFERRABLE",
                "CREATE INDEX users_nick_like ON app.users (nick text_pattern_ops)");
        Draft draft = rehearsal.draft(new RenameColumn(rehearsal.table("app", "users"), "nick", "alias"));
        rehearsal.expand();

        assertThat(rehearsal.server.query(
                        "SELECT collation_name FROM information_schema.columns WHERE column_name = 'alias'"))
                .isEqualTo("C");
        assertThat(rehearsal.server.query("SELECT count(*) FROM pg_indexes WHERE indexdef LIKE '%alias%'"))
                .isEqualTo("0");
        assertThat(draft.notes())
                .anySatisfy(note -> assertThat(note).contains("UNIQUE INDEX users_nick ", "COLLATE \"POSIX\""))
                .anySatisfy(
                        note -> assertThat(note).contains("CONSTRAINT nick_of_place UNIQUE (place, nick) DEFERRABLE"))
                .anySatisfy(note -> assertThat(note).contains("text_pattern_ops"));
    }

    @Test
    void a_type_that_holds_less_lets_version_2_write_on() {
        rehearsal.server.execute("ALTER TABLE app.users ADD COLUMN points int");
        Draft draft = rehearsal.draft(new ChangeType(
                rehearsal.table("app", "users"), "points", "bigint", "score", Optional.empty(), Optional.empty()));
        rehearsal.expand().backfill();
        rehearsal.server.execute(
                "UPDATE app.users SET points = 5 WHERE id = 1", "UPDATE app.users SET score = 9999999999 WHERE id = 1");

        assertThat(rehearsal.server.query("SELECT concat(points, '/', score) FROM app.users WHERE id = 1"))
                .isEqualTo("/9999999999");
        assertThat(draft.losses()).singleElement().asString().contains("leaves points empty");
    }
}
