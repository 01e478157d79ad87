-- Contract: version 1 is gone and nobody reads these columns any more.
--
-- Trigger and columns leave in one transaction. Without the trigger nothing fills the old columns, whose NOT NULL
-- would then refuse every row of version 2; without the columns the trigger would fail. Indexes leave with them.
DROP TRIGGER zz_posts_author_dual_write ON posts;
ALTER TABLE posts DROP COLUMN author_name, DROP COLUMN author_email;
