-- backfill: table=posts key=id
-- remaining: SELECT count(*) FROM posts WHERE author_id IS NULL
-- same: SELECT posts.id, authors.email = posts.author_email FROM posts LEFT JOIN authors ON authors.id = posts.author_id WHERE posts.id BETWEEN :from AND :to
--
-- Only what is still empty: a value that is there was written by the application, and it is newer. If a post changes
-- while this statement waits for its row, PostgreSQL checks all these conditions again on the new row.
UPDATE posts
SET author_id = authors.id
FROM authors
WHERE posts.id BETWEEN :from AND :to AND posts.author_id IS NULL AND authors.email = posts.author_email;
