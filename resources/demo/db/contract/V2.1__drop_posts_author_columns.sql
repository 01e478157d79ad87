-- Contract: version 1 is gone and nobody reads these columns any more.
--
-- Trigger and columns leave in one transaction. Without the trigger nothing fills author_name and author_email, whose
-- NOT NULL would then refuse every post of version 2; without the columns the trigger would fail. The index on
-- author_email leaves with its column.
DROP TRIGGER zz_author_dual_write ON posts;
ALTER TABLE posts DROP COLUMN author_name, DROP COLUMN author_email;
