-- The CHECK has done its work; NOT NULL says the same for less.
ALTER TABLE posts DROP CONSTRAINT posts_author_id_present;
