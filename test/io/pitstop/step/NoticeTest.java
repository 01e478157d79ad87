package io.pitstop.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.config.Approvable;
import io.pitstop.step.approval.Subject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people read before they approve. */
class NoticeTest {
    @Test
    void it_says_what_is_asked_what_would_be_done_what_is_seen_and_what_comes_after() {
        Subject subject = new Subject(Approvable.CONTRACT).with("goes", "1 on blue");

        assertThat(Notice.of(subject, "blog-2-1", List.of("traffic: green 100 %"), List.of("rollback: refused. No.")))
                .isEqualTo(
                        """
                Approve contract of blog-2-1? It would do this:
                - goes: 1 on blue
                Now:
                - traffic: green 100 %%
                Afterwards:
                - rollback: refused. No.
                Its hash is %s."""
                                .formatted(subject.hash()));
    }

    @Test
    void however_much_there_is_it_fits_where_it_has_to_go_and_shows_the_hash() {
        Subject subject = new Subject(Approvable.CONTRACT);
        for (int i = 0; i < 200; i++) {
            subject.with("applies V" + i + "__drop.sql", "sha256 " + "ab".repeat(32));
        }

        String notice = Notice.of(subject, "blog-2-1", List.of("x".repeat(5_000)), List.of("rollback: refused."));

        assertThat(notice)
                .hasSizeLessThanOrEqualTo(2_500)
                .hasSizeGreaterThan(2_300)
                .startsWith("Approve contract of blog-2-1? It would do this:\n- applies V0__drop.sql: ")
                .endsWith("- rollback: refused.\nIts hash is " + subject.hash() + ".");
        long shown = notice.lines().filter(line -> line.startsWith("- applies")).count();
        assertThat(notice).contains("\n- and " + (200 - shown) + " more, which are in the log\nNow:\n- xxx");
    }
}
