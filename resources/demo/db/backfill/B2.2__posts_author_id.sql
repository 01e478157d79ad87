-- backfill: table=posts key=id
-- remaining: SELECT count(*) FROM posts y WHERE y.author_id IS NULL
-- same: SELECT y.id, y.author_email IS NOT DISTINCT FROM x.email FROM posts y LEFT JOIN authors x ON x.id = y.author_id WHERE y.id BETWEEN :from AND :to
--
-- Only what is still empty: a value that is there was written by the application, and it is newer. If a row
-- changes while this statement waits for it, PostgreSQL checks all these conditions again on the new row.
UPDATE posts y
SET author_id = x.id
FROM authors x
WHERE y.id BETWEEN :from AND :to AND y.author_id IS NULL AND x.email = y.author_email;
