package io.pitstop.demo.blog;

/** What the blog answers: a post and who wrote it, in both versions the same. */
public record Post(long id, String title, String content, String authorName, String authorEmail) {
    public static Post of(long id, Draft draft) {
        return new Post(id, draft.title(), draft.content(), draft.authorName(), draft.authorEmail());
    }

    public Draft draft() {
        return new Draft(title, content, authorName, authorEmail);
    }
}
