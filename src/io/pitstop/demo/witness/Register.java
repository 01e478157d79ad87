package io.pitstop.demo.witness;

import io.pitstop.demo.blog.Draft;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What its one writer knows about a post.
 *
 * @param current what was acknowledged last
 * @param uncertain what was written without an answer: it may show, now or later, or never
 * @param older what was acknowledged before; whatever happens, it must not come back
 * @param authorWritten when the write was sent that gave the post its present author
 * @param writing whether a write is on its way
 */
record Register(
        long id, Draft current, List<Draft> uncertain, List<Draft> older, Instant authorWritten, boolean writing) {
    static Register created(long id, Draft draft, Instant sent) {
        return new Register(id, draft, List.of(), List.of(), sent, false);
    }

    /** Written before the witness was there. */
    static Register sown(long id, Draft draft) {
        return created(id, draft, Instant.MIN);
    }

    Register beingWritten() {
        return new Register(id, current, uncertain, older, authorWritten, true);
    }

    Register acknowledged(Draft draft, Instant sent) {
        boolean sameAuthor = draft.authorEmail().equals(current.authorEmail());
        return new Register(id, draft, uncertain, plus(older, current), sameAuthor ? authorWritten : sent, false);
    }

    Register unanswered(Draft draft) {
        return new Register(id, current, plus(uncertain, draft), older, authorWritten, false);
    }

    boolean allows(Draft draft) {
        return draft.equals(current) || uncertain.contains(draft);
    }

    private static List<Draft> plus(List<Draft> drafts, Draft draft) {
        List<Draft> more = new ArrayList<>(drafts);
        more.add(draft);
        return List.copyOf(more);
    }
}
