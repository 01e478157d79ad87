-- What version 2 changes in place concerns nobody else any more.
DROP TRIGGER zz_posts_author_follow ON authors;
