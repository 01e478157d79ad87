DROP FUNCTION posts_author_dual_write();
DROP FUNCTION author_of(text, text);
