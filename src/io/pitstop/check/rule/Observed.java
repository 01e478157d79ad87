package io.pitstop.check.rule;

import io.pitstop.check.finding.Finding;
import io.pitstop.check.finding.Judge;
import java.util.List;
import java.util.Set;

/**
 * What is not read in the text of a script but seen when it is tried. Each has a page like a rule, and is allowed like
 * one; what finds it lies elsewhere.
 */
public final class Observed {
    private Observed() {}

    /** In a trial run. */
    public static List<Rule> byTrial() {
        return List.of(REWRITE, INDEX, SCAN, LOCKS, REMOVAL, INVALID, FAILURE);
    }

    /** By the statements of the application that runs. */
    public static List<Rule> byLiveStatements() {
        return List.of(STATEMENT_FAILS, RESULT_CHANGES);
    }

    public static final Rule REWRITE = Rule.error("observed-rewrite")
            .because("In the trial run the statement wrote a table in use anew, while nobody could use it.")
            .unsafe(
                    """
                    DO $$ BEGIN
                        EXECUTE format('ALTER TABLE %I ALTER COLUMN id TYPE bigint', 'posts');
                    END $$;""")
            .instead(
                    """
                    ALTER TABLE posts ADD COLUMN id_new bigint; -- filled by a trigger and a backfill, swapped in by contract""");

    public static final Rule INDEX = Rule.error("observed-index-build")
            .because(
                    "In the trial run the statement built an index of a table in use, while others had to wait for it.")
            .unsafe(
                    """
                    DO $$ BEGIN
                        EXECUTE format('CREATE INDEX ON %I (title)', 'posts');
                    END $$;""")
            .instead("CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_title ON posts (title); -- in a script of its own");

    public static final Rule SCAN = Rule.error("observed-scan")
            .because("In the trial run the statement read a table in use as a whole, while others had to wait for it.")
            .unsafe(
                    """
                    DO $$ BEGIN
                        EXECUTE format('ALTER TABLE %I ADD CHECK (title <> %L)', 'posts', '');
                    END $$;""")
            .instead(
                    """
                    ALTER TABLE posts ADD CONSTRAINT posts_title_there CHECK (title <> '') NOT VALID;
                    -- VALIDATE CONSTRAINT in a script of its own reads the table while everybody goes on""");

    public static final Rule LOCKS = Rule.warning("observed-locks")
            .because("In the trial run the statement locked several tables in use, so that it keeps one locked while it"
                    + " waits for the other, and may deadlock with the application.")
            .unsafe(
                    """
                    DO $$ DECLARE name text; BEGIN
                        FOREACH name IN ARRAY ARRAY['posts', 'tags'] LOOP
                            EXECUTE format('ALTER TABLE %I ADD COLUMN changed timestamptz', name);
                        END LOOP;
                    END $$;""")
            .instead("ALTER TABLE posts ADD COLUMN changed timestamptz; -- and tags in a script of its own");

    public static final Rule REMOVAL = Rule.error("observed-removal")
            .because("In the trial run something that the old version may use was gone after the statement.")
            .unsafe(
                    """
                    DO $$ BEGIN
                        EXECUTE format('ALTER TABLE %I DROP COLUMN title', 'posts');
                    END $$;""")
            .instead("-- db/contract/V2__drop_title.sql\nALTER TABLE posts DROP COLUMN title;");

    public static final Rule INVALID = Rule.error("observed-invalid-index")
            .because("In the trial run the script left an index that is not valid: it costs every write and serves no"
                    + " query.")
            .unsafe(
                    """
                    INSERT INTO tags (id, name) VALUES (1, 'new'), (2, 'new');
                    -- db/migration/V3__tags_name.sql
                    CREATE UNIQUE INDEX CONCURRENTLY tags_name ON tags (name);""")
            .instead("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS tags_name ON tags (name); -- after names differ");

    public static final Rule FAILURE = Rule.error("observed-failure")
            .because("In the trial run PostgreSQL refused the statement.")
            .unsafe("ALTER TABLE posts ALTER COLUMN titel SET DEFAULT '';")
            .instead("ALTER TABLE posts ALTER COLUMN title SET DEFAULT '';");

    public static final Rule STATEMENT_FAILS = Rule.error("live-statement-fails")
            .because("Statements that the application runs today fail after this one.")
            .unsafe("ALTER TABLE posts DROP COLUMN title; -- and the application runs SELECT title FROM posts")
            .instead("-- db/contract/V2__drop_title.sql\nALTER TABLE posts DROP COLUMN title;");

    public static final Rule RESULT_CHANGES = Rule.warning("live-statement-changes")
            .because("The columns of a result change: a session that has prepared the statement gets \"cached plan must"
                    + " not change result type\" once, in a transaction until its end.")
            .unsafe("ALTER TABLE posts ADD COLUMN slug text; -- and the application runs SELECT * FROM posts")
            .instead("-- name the columns in the application: SELECT id, title FROM posts");

    /** Who finds it. */
    static Judge finder(String id) {
        if (byTrial().stream().anyMatch(rule -> rule.id().equals(id))) {
            return Judge.TRIAL;
        }
        return byLiveStatements().stream().anyMatch(rule -> rule.id().equals(id)) ? Judge.LIVE : Judge.RULES;
    }

    /** Rules that say the same of the text, though not as an error. */
    static Set<String> kin(String id) {
        return switch (id) {
            case "observed-scan" -> Set.of(
                    "attach-partition-without-check", "primary-key-nullable", "bulk-insert", "create-partition");
            case "observed-index-build" -> Set.of("replace-index", "primary-key-nullable", "create-partition");
            case "observed-locks" -> Set.of(
                    "locks-several-tables",
                    "several-foreign-keys",
                    "drop-table-with-foreign-key",
                    "lock-table",
                    "several-alters",
                    "create-partition");
            default -> Set.of();
        };
    }

    /** True if somebody has looked at the text and found the same: then what was seen is evidence for that. */
    public static boolean isSame(Finding read, Finding seen) {
        return read.isError() && seen.isError() || kin(seen.rule()).contains(read.rule());
    }
}
