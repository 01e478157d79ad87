-- Expand: author_name and author_email of posts get a table of their own, authors. Only additions, so version 1 goes
-- on as if nothing had happened.
--
-- Neither version writes both sides. Version 1 knows author_name and author_email, version 2 knows author_id; a
-- trigger fills the side that the writer did not touch. The column, its functions and its trigger arrive in one
-- transaction: a write between them would miss the trigger, and nobody would ever notice.
--
-- Loses: rows with the same author_email could differ in name. From now on there is one, and what was written last
-- wins; rows of posts that say otherwise keep their own until contract.
--
-- Note: Version 2 should insert into authors and end that transaction before it writes to posts: the trigger locks in
-- the other order.

CREATE TABLE authors (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL,
    UNIQUE (email)
);

-- The id of the row with this identity, which is created if there is none.
--
-- Applications lock a row of posts and then one of authors. Here the order is kept by locking none that need
-- not change: most calls find it by a plain SELECT. (INSERT ... ON CONFLICT DO UPDATE would lock it at every
-- call.) A transaction of version 1 that brings in several new ones locks them in the order of its writes.
CREATE FUNCTION author_of(wanted_name text, wanted_email text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    known record;
BEGIN
    -- More than one turn only if somebody inserts the same row between our SELECT and our INSERT.
    FOR turn IN 1..10 LOOP
        SELECT x.* INTO known FROM authors x WHERE x.email = wanted_email;
        IF FOUND THEN
            IF known.name IS DISTINCT FROM wanted_name THEN
                UPDATE authors x SET name = wanted_name WHERE x.id = known.id;
            END IF;
            RETURN known.id;
        END IF;
        INSERT INTO authors AS x (name, email) VALUES (wanted_name, wanted_email)
            ON CONFLICT DO NOTHING RETURNING x.* INTO known;
        IF FOUND THEN
            RETURN known.id;
        END IF;
    END LOOP;
    RAISE EXCEPTION 'author (%, %) comes and goes', wanted_name, wanted_email;
END $$;

CREATE FUNCTION posts_author_dual_write() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    by_version_1 boolean;
    by_version_2 boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        -- A default counts as not written, so that it cannot win against what the other version wrote.
        by_version_2 := NEW.author_id IS NOT NULL;
        by_version_1 := NEW.author_name IS NOT NULL OR NEW.author_email IS NOT NULL;
    ELSE
        by_version_1 := NEW.author_name IS DISTINCT FROM OLD.author_name
                     OR NEW.author_email IS DISTINCT FROM OLD.author_email;
        by_version_2 := NEW.author_id IS DISTINCT FROM OLD.author_id;
    END IF;

    -- Who writes both sides knows what he does. Who changes neither leaves them as they are, so a row that
    -- the backfill has not reached yet stays its business.
    IF by_version_2 AND NOT by_version_1 THEN
        SELECT x.name, x.email INTO NEW.author_name, NEW.author_email FROM authors x WHERE x.id = NEW.author_id;
        IF NOT FOUND AND NEW.author_id IS NOT NULL THEN
            -- The foreign key that says this arrives only after the backfill.
            RAISE foreign_key_violation USING MESSAGE = format('there is no author with id %s', NEW.author_id);
        END IF;
    ELSIF NOT by_version_2 AND (by_version_1 OR TG_OP = 'INSERT') THEN
        IF NEW.author_email IS NOT NULL AND NEW.author_name IS NOT NULL THEN
            NEW.author_id := author_of(NEW.author_name, NEW.author_email);
        ELSE
            NEW.author_id := NULL; -- what is missing is for the NOT NULL of its column to refuse
        END IF;
    END IF;
    RETURN NEW;
END $$;

-- What version 2 changes in place shows to version 1 as well. Only what it writes itself: what comes from
-- version 1, by way of the function above, must not spread to other rows.
CREATE FUNCTION posts_author_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE posts y SET author_name = NEW.name, author_email = NEW.email
    WHERE y.author_id = NEW.id AND (y.author_name, y.author_email) IS DISTINCT FROM (NEW.name, NEW.email);
    RETURN NULL;
END $$;

CREATE TRIGGER zz_posts_author_follow
    AFTER UPDATE OF name, email ON authors
    FOR EACH ROW
    WHEN (pg_trigger_depth() = 0 AND current_setting('pitstop.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION posts_author_follow();

-- The strong lock on posts is held from here to the commit: two statements that touch only the catalog.
ALTER TABLE posts ADD COLUMN author_id bigint;

-- The columns are named because a trigger that runs at every UPDATE halves the speed of the backfill. The
-- backfill switches it off for its own sessions: it would write the old columns back from the new ones.
-- Triggers run in the order of their names; this one has to see what the others made of the row.
CREATE TRIGGER zz_posts_author_dual_write
    BEFORE INSERT OR UPDATE OF author_name, author_email, author_id ON posts
    FOR EACH ROW
    WHEN (current_setting('pitstop.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION posts_author_dual_write();
