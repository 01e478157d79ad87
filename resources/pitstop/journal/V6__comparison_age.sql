-- When a comparison has last come further: one that was cut short is gone on with for as long as what it has found counts.
-- Of those that are there nobody knows.
ALTER TABLE comparisons ADD COLUMN advanced_at timestamptz NOT NULL DEFAULT '-infinity';
ALTER TABLE comparisons ALTER COLUMN advanced_at SET DEFAULT clock_timestamp();
