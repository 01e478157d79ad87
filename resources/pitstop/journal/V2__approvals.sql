-- What people decided about a step of a release; the last decision holds, all of them are in events.
-- The subject is kept line by line, so that a step can say what has changed since it was approved.

CREATE TABLE approvals (
    release  text NOT NULL REFERENCES releases,
    step     text NOT NULL,
    decision text NOT NULL CHECK (decision IN ('approved', 'declined')),
    hash     text NOT NULL,
    subject  text[] NOT NULL,
    reason   text NOT NULL DEFAULT '',
    person   text NOT NULL,
    build    text NOT NULL,
    at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (release, step)
);
