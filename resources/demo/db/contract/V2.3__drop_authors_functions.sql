DROP FUNCTION posts_author_dual_write();
DROP FUNCTION posts_author_follow();
DROP FUNCTION author_of(text, text);
