-- NOT NULL by way of a CHECK: SET NOT NULL alone would read the whole table under a lock that stops every read.
ALTER TABLE posts ADD CONSTRAINT posts_author_id_present CHECK (author_id IS NOT NULL) NOT VALID;
