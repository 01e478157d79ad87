-- Reads the whole table while reads and writes go on.
ALTER TABLE posts VALIDATE CONSTRAINT posts_author_id_present;
