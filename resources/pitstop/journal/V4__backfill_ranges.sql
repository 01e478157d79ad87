-- A backfill is shared by any number of workers on any number of nodes: each claims ranges of the table, for as long as
-- the lease lives whose token is in the row. Written in the transaction of the batch that it tells of.

ALTER TABLE backfills ADD COLUMN problem text;  -- why the last run of it failed for good

CREATE TABLE backfill_ranges (
    release     text NOT NULL REFERENCES releases,
    file        text NOT NULL,
    number      integer NOT NULL,
    begins_at   text[],             -- the position before it; null at the beginning of the table
    ends_at     text[] NOT NULL,    -- included
    done        text[],             -- the position up to which it is done; null if it was not begun
    finished    boolean NOT NULL DEFAULT false,
    token       bigint,             -- of the lease under which somebody works on it, and the number of the worker
    worker      integer,
    estimate    bigint NOT NULL,    -- rows to walk
    walked      bigint NOT NULL DEFAULT 0,
    rows        bigint NOT NULL DEFAULT 0,
    batches     bigint NOT NULL DEFAULT 0,
    seconds     double precision NOT NULL DEFAULT 0,
    PRIMARY KEY (release, file, number)
) WITH (fillfactor = 40);  -- each batch writes its row anew: room to do so in the same page

-- Rows that could not be filled while all around them were.
CREATE TABLE backfill_failures (
    release     text NOT NULL REFERENCES releases,
    file        text NOT NULL,
    key         text[] NOT NULL,
    unit        text NOT NULL,      -- what the key is, such as ctid
    line        integer NOT NULL,   -- of the statement in the file
    sqlstate    text NOT NULL,
    error       text NOT NULL,
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (release, file, key)
);

-- What an operator wants of a backfill that runs, from anywhere. A pause ends by itself.
CREATE TABLE backfill_orders (
    release         text PRIMARY KEY REFERENCES releases,
    paused_until    timestamptz,
    rows_per_second bigint CHECK (rows_per_second > 0),
    share           double precision NOT NULL DEFAULT 1 CHECK (share > 0 AND share <= 1),
    person          text NOT NULL,
    at              timestamptz NOT NULL DEFAULT clock_timestamp()
);
