package io.pitstop.demo.blog;

/**
 * The posts that are there before a release starts: what each of them holds follows from its id, so that whoever knows
 * the two numbers can tell whether one was changed.
 *
 * @param posts how many there are, with the ids 1 to {@code posts}
 * @param authors how many authors share them; at most one a post
 */
public record Seed(long posts, long authors) {
    /** Enough text to make a row as wide as a real post's excerpt. */
    private static final String PADDING = " Nobody has edited it since it was sown.".repeat(4);

    public Seed {
        if (posts < 0 || authors < 0 || (posts > 0 && authors == 0)) {
            throw new IllegalArgumentException(posts + " posts by " + authors + " authors");
        }
    }

    /** No posts at all. */
    public static Seed none() {
        return new Seed(0, 0);
    }

    /** @param id 1 to {@link #posts} */
    public Draft draft(long id) {
        return new Draft(
                "Seed post " + id,
                "This is seed post " + id + "." + PADDING,
                "Author " + author(id),
                email(author(id)));
    }

    /** The number of a post's author, 1 to {@link #authors}. */
    public long author(long id) {
        return 1 + id % authors;
    }

    public static String email(long author) {
        return "author-" + author + "@example.org";
    }

    /** A query for id, title, content, author_name and author_email of all of them, the same as {@link #draft}. */
    public String query() {
        return """
                SELECT id, 'Seed post ' || id AS title, 'This is seed post ' || id || '.%s' AS content,
                       'Author ' || author AS author_name, 'author-' || author || '@example.org' AS author_email
                FROM (SELECT id, 1 + id %% %d AS author FROM generate_series(1, %d) AS id) AS seed"""
                .formatted(PADDING, Math.max(1, authors), posts);
    }
}
