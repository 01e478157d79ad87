-- Expand: authors get a table of their own. Only additions, so version 1 goes on as if nothing had happened.
--
-- Neither version writes both sides. Version 1 knows author_name and author_email, version 2 knows author_id; a trigger
-- fills the side that the writer did not touch. The column, its function and its trigger arrive in one transaction: a
-- write between them would miss the trigger, and nobody would ever notice.
--
-- What extraction loses, whoever does it: version 1 could store two names for one email. From now on an email has one
-- name, and the name written last wins. Posts that say otherwise keep their author_name until it is dropped.

CREATE TABLE authors (
    id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name  text NOT NULL,
    email text NOT NULL UNIQUE
);

-- The id of the author with this email, who is created if there is none.
--
-- Applications lock a post and then its author. Here the order is kept by locking no author that need not change:
-- most calls find the author by a plain SELECT. (INSERT ... ON CONFLICT DO UPDATE would lock the author at every call.)
CREATE FUNCTION author_of(wanted_name text, wanted_email text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    found_id   bigint;
    found_name text;
BEGIN
    -- More than one turn only if somebody inserts the same author between our SELECT and our INSERT.
    FOR turn IN 1..10 LOOP
        SELECT id, name INTO found_id, found_name FROM authors WHERE email = wanted_email;
        IF found_id IS NOT NULL THEN
            IF found_name <> wanted_name THEN
                UPDATE authors SET name = wanted_name WHERE id = found_id;
            END IF;
            RETURN found_id;
        END IF;
        INSERT INTO authors (name, email) VALUES (wanted_name, wanted_email)
            ON CONFLICT (email) DO NOTHING RETURNING id INTO found_id;
        IF found_id IS NOT NULL THEN
            RETURN found_id;
        END IF;
    END LOOP;
    RAISE EXCEPTION 'author % comes and goes', wanted_email;
END $$;

CREATE FUNCTION posts_author_dual_write() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    by_version_1 boolean;
    by_version_2 boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        by_version_1 := NEW.author_name IS NOT NULL OR NEW.author_email IS NOT NULL;
        by_version_2 := NEW.author_id IS NOT NULL;
    ELSE
        by_version_1 := NEW.author_name IS DISTINCT FROM OLD.author_name
                     OR NEW.author_email IS DISTINCT FROM OLD.author_email;
        by_version_2 := NEW.author_id IS DISTINCT FROM OLD.author_id;
    END IF;

    -- Who writes both sides knows what he does. Who changes neither leaves them as they are, so a row that the
    -- backfill has not reached yet stays its business.
    IF by_version_1 AND NOT by_version_2 THEN
        -- A missing name or email is for the NOT NULL of its column to refuse.
        IF NEW.author_name IS NOT NULL AND NEW.author_email IS NOT NULL THEN
            NEW.author_id := author_of(NEW.author_name, NEW.author_email);
        END IF;
    ELSIF by_version_2 AND NOT by_version_1 THEN
        SELECT name, email INTO NEW.author_name, NEW.author_email FROM authors WHERE id = NEW.author_id;
        IF NOT FOUND THEN
            -- The foreign key that says this arrives only after the backfill.
            RAISE foreign_key_violation USING MESSAGE = format('there is no author with id %s', NEW.author_id);
        END IF;
    END IF;
    RETURN NEW;
END $$;

-- The strong lock on posts is held from here to the commit: two statements that touch only the catalog.
ALTER TABLE posts ADD COLUMN author_id bigint;

-- The columns are named because a trigger that runs at every UPDATE halves the speed of the backfill. The backfill
-- switches it off for its own sessions: it would write the old columns back from the new ones.
-- Triggers run in the order of their names; this one has to see what the others made of the row.
CREATE TRIGGER zz_author_dual_write
    BEFORE INSERT OR UPDATE OF author_name, author_email, author_id ON posts
    FOR EACH ROW
    WHEN (current_setting('pitstop.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION posts_author_dual_write();
