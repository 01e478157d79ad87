-- What contract dropped. The rows themselves are in schema "pitstop_archive", in one table for each of these.
CREATE TABLE archives (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    release       text NOT NULL REFERENCES releases,
    script        text NOT NULL,
    source        text NOT NULL,
    whole         boolean NOT NULL,
    keys          text[] NOT NULL,  -- empty if only its place tells a row from another
    columns       text[] NOT NULL,  -- those that are kept, beside the keys
    shape         text NOT NULL,    -- as long as it stays, the triggers see every change
    state         text NOT NULL DEFAULT 'copying'
                  CHECK (state IN ('copying', 'checking', 'verified', 'dropped', 'restored', 'purged')),
    last_key      text[],           -- how far the walk is that the state asks for; null at its beginning
    rows          bigint NOT NULL DEFAULT 0,
    checksum      numeric NOT NULL DEFAULT 0,
    begun_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    verified_at   timestamptz,
    dropped_at    timestamptz,
    dropped_by    text,             -- the transaction
    restored_at   timestamptz,
    restored_rows bigint NOT NULL DEFAULT 0,
    changed_rows  bigint NOT NULL DEFAULT 0,
    unknown_rows  bigint NOT NULL DEFAULT 0,
    purged_at     timestamptz,
    problem       text              -- why its rows are not back
);
CREATE INDEX archives_release ON archives (release);

-- How each object that went is made again, data aside.
CREATE TABLE archived_objects (
    release     text NOT NULL REFERENCES releases,
    script      text NOT NULL,
    number      integer NOT NULL,
    phase       text NOT NULL,
    manner      text NOT NULL,
    identity    text NOT NULL,      -- as people read it
    type        text NOT NULL,      -- these three as pg_get_object_address takes them
    names       text[] NOT NULL,
    arguments   text[] NOT NULL,
    target      text NOT NULL,
    sql         text NOT NULL,
    extra       text NOT NULL,
    dress       text[] NOT NULL,    -- owner, grants, comment
    dropped_at  timestamptz,
    restored_at timestamptz,
    problem     text,
    PRIMARY KEY (release, script, number)
);
