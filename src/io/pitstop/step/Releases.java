package io.pitstop.step;

import io.pitstop.error.MoveRefused;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import java.util.Optional;

/** Which release a step is about. */
final class Releases {
    private final ReleaseJournal journal;

    Releases(ReleaseJournal journal) {
        this.journal = journal;
    }

    /**
     * The release that was named, else the one under way, else the last one: a step that is repeated after the end of
     * a release must find out that it is done.
     *
     * @throws MoveRefused if there has never been one
     */
    Release find(Optional<String> id) {
        return id.map(journal::load)
                .or(journal::unfinished)
                .or(journal::latest)
                .orElseThrow(() -> new MoveRefused(
                        "No release is under way.", "Open one with pitstop migrate-expand --version VERSION."));
    }

    /** @throws MoveRefused if the release has ended */
    static void refuseEnded(Release release) {
        release.finishedAt().ifPresent(at -> {
            throw new MoveRefused(
                    "Release " + release.id() + " ended at " + at + ".",
                    "Open the next one with pitstop migrate-expand --version VERSION.");
        });
    }
}
