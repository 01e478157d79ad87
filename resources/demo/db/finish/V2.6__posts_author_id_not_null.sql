-- Instant: PostgreSQL believes the validated CHECK and reads nothing.
ALTER TABLE posts ALTER COLUMN author_id SET NOT NULL;
