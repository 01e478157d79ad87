-- backfill: table=posts key=id
-- remaining: SELECT count(*) FROM posts WHERE author_id IS NULL AND NOT EXISTS (SELECT 1 FROM authors WHERE authors.email = posts.author_email)
-- same: SELECT id, EXISTS (SELECT FROM authors WHERE authors.email = posts.author_email) FROM posts WHERE id BETWEEN :from AND :to
--
-- The authors come first, in a pass of their own. Whoever writes a post locks the post and then, perhaps, its author;
-- these batches lock no post and the next pass locks no author, so nobody waits for each other in a circle.
--
-- Sorted, so that two workers insert the authors whom they share in the same order. DO NOTHING, because an author who is
-- there already was written by somebody who knew better than an old post.
INSERT INTO authors (name, email)
SELECT DISTINCT ON (author_email) author_name, author_email
FROM posts
WHERE id BETWEEN :from AND :to AND author_id IS NULL
ORDER BY author_email, id DESC
ON CONFLICT (email) DO NOTHING;
