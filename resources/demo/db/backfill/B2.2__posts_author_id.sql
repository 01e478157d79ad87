-- backfill: table=posts key=id
-- remaining: SELECT count(*) FROM posts y WHERE y.author_id IS NULL
--
-- Only what is still empty: a value that is there was written by the application, and it is newer. If a row
-- changes while this statement waits for it, PostgreSQL checks all these conditions again on the new row.
UPDATE posts y
SET author_id = x.id
FROM authors x
WHERE y.id BETWEEN :from AND :to AND y.author_id IS NULL AND x.email = y.author_email;
