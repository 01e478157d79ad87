-- What pg_stat_statements had counted when users got the new version: what ran since is the difference to now, so that
-- nobody's statistics need be reset.

CREATE TABLE statement_looks (
    release   text PRIMARY KEY REFERENCES releases,
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    reset_at  timestamptz,          -- null where the server does not tell
    evictions bigint NOT NULL       -- how often it forgot statements to make room for others
);

CREATE TABLE statement_calls (
    release text NOT NULL REFERENCES statement_looks ON DELETE CASCADE,
    role    oid NOT NULL,
    query   bigint NOT NULL,
    calls   bigint NOT NULL,
    PRIMARY KEY (release, role, query)
);

-- How far old and new values of each backfill file have been compared.
CREATE TABLE comparisons (
    release     text NOT NULL REFERENCES releases,
    file        text NOT NULL,
    checksum    text NOT NULL,
    last_key    text[],             -- done up to here; null before the first row
    end_key     text[],             -- the last one when it began: who writes behind it writes both sides; null if none
    rows        bigint NOT NULL DEFAULT 0,
    differing   bigint NOT NULL DEFAULT 0,
    examples    text[] NOT NULL DEFAULT '{}',
    seconds     double precision NOT NULL DEFAULT 0,
    finished_at timestamptz,
    PRIMARY KEY (release, file)
);
