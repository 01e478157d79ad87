-- The release journal: what every step must know about the past, in the database that the release is about.
-- Flyway runs this in schema "pitstop"; the application neither needs nor sees it.

CREATE TABLE releases (
    id           text PRIMARY KEY,
    application  text NOT NULL,
    version      text NOT NULL,
    from_version text NOT NULL,
    candidate    text NOT NULL CHECK (candidate IN ('blue', 'green')),
    opened_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at  timestamptz,
    outcome      text CHECK (outcome IN ('contracted', 'abandoned')),
    CHECK ((finished_at IS NULL) = (outcome IS NULL))
);

-- One release at a time is a property of the database, not a convention among its clients.
CREATE UNIQUE INDEX one_unfinished_release ON releases (application) WHERE finished_at IS NULL;

-- What holds now. A fact that ceases to hold leaves this table; that it once held stays in events.
CREATE TABLE facts (
    release text NOT NULL REFERENCES releases,
    fact    text NOT NULL,
    at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    person  text NOT NULL,
    build   text NOT NULL,
    detail  jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (release, fact)
);

-- Who did what, when, from which build, with what result. Only ever appended to.
CREATE TABLE events (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    release text NOT NULL REFERENCES releases,
    step    text NOT NULL,
    event   text NOT NULL,
    at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    person  text NOT NULL,
    build   text NOT NULL,
    host    text NOT NULL,
    token   bigint NOT NULL,
    detail  jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX events_release ON events (release, id);

CREATE FUNCTION events_are_only_appended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'pitstop.events is only appended to';
END $$;
CREATE TRIGGER only_appended BEFORE UPDATE OR DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION events_are_only_appended();

-- Who works on which step. The token rises with every holder, so that what an earlier holder still sends is refused.
CREATE SEQUENCE lease_tokens;
CREATE TABLE leases (
    release       text NOT NULL REFERENCES releases,
    step          text NOT NULL,
    token         bigint NOT NULL,
    person        text NOT NULL,
    build         text NOT NULL,
    host          text NOT NULL,
    backend_pid   integer NOT NULL,
    backend_start timestamptz NOT NULL,
    taken_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    heartbeat_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (release, step)
);

-- How far each backfill file has come. Written in the transaction of the batch that it describes.
CREATE TABLE backfills (
    release     text NOT NULL REFERENCES releases,
    file        text NOT NULL,
    format      integer NOT NULL,
    checksum    text NOT NULL,
    pass        integer NOT NULL,
    last_key    text,
    rows        bigint NOT NULL DEFAULT 0,
    batches     bigint NOT NULL DEFAULT 0,
    seconds     double precision NOT NULL DEFAULT 0,
    verified_at timestamptz,
    PRIMARY KEY (release, file)
);
