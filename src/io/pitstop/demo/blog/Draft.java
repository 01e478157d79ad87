package io.pitstop.demo.blog;

/** What a client writes: a post without its id, in both versions the same. */
public record Draft(String title, String content, String authorName, String authorEmail) {
    /** @throws IllegalArgumentException if a part is missing, for a client sent it */
    Draft complete() {
        if (title == null || content == null || authorName == null || authorEmail == null) {
            throw new IllegalArgumentException("title, content, authorName and authorEmail are all needed");
        }
        return this;
    }
}
