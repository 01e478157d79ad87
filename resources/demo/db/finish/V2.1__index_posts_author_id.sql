-- After the backfill, which it would slow down to half its speed.
-- One statement: what runs outside a transaction and fails is run again from its start.
CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_author_id ON posts (author_id);
