-- Binds new writes at once; what is there already is checked by the next migration, without a strong lock.
ALTER TABLE posts ADD CONSTRAINT posts_author_id_fkey FOREIGN KEY (author_id) REFERENCES authors (id) NOT VALID;
