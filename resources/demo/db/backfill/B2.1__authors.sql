-- backfill: table=posts key=id
-- remaining: SELECT count(*) FROM posts y WHERE y.author_id IS NULL AND NOT EXISTS (SELECT 1 FROM authors x WHERE x.email = y.author_email)
-- same: nothing, because who compares posts by way of author_id sees these rows too
--
-- The rows of authors come first, in a pass of their own. Whoever writes to posts locks a row of it and then,
-- perhaps, one of authors; these batches lock none of posts and the next pass locks none of authors, so nobody
-- waits for each other in a circle.
--
-- Only rows that are missing: that is asked much faster than a row is tried and not inserted.
-- Sorted, so that two workers insert the rows that they share in the same order. DO NOTHING, because one that is
-- there already was written by somebody who knew better than an old row.
INSERT INTO authors (name, email)
SELECT DISTINCT ON (y.author_email) y.author_name, y.author_email
FROM posts y
WHERE y.id BETWEEN :from AND :to AND y.author_id IS NULL
  AND NOT EXISTS (SELECT 1 FROM authors x WHERE x.email = y.author_email)
ORDER BY y.author_email, y.id DESC
ON CONFLICT (email) DO NOTHING;
