package io.pitstop.step.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.config.Approvable;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a person sees of a step, and the hash that stands for it. */
class SubjectTest {
    @Test
    void the_hash_is_the_same_on_every_machine_and_in_every_run() {
        Subject subject =
                new Subject(Approvable.CONTRACT).with("release", "blog-2-1").with("applies V1__dröp.sql", "sha256 ab");

        // Written down, because nothing of the machine may be in it: locale, encoding, time zone, folders.
        assertThat(subject.hash()).isEqualTo("e17fc5026e487692ef094af18af0c08eab00dd30af900e3e808cc4089f6e96c4");
        assertThat(subject.lines()).containsExactly("release: blog-2-1", "applies V1__dröp.sql: sha256 ab");
    }

    @Test
    void the_step_the_order_and_every_character_count() {
        String hash = subject("a", "b").hash();

        assertThat(List.of(
                        new Subject(Approvable.SWITCH_TRAFFIC)
                                .with("first", "a")
                                .with("second", "b")
                                .hash(),
                        new Subject(Approvable.CONTRACT)
                                .with("second", "b")
                                .with("first", "a")
                                .hash(),
                        subject("a", "b ").hash(),
                        subject("A", "b").hash(),
                        subject("ab", "").hash()))
                .doesNotContain(hash)
                .doesNotHaveDuplicates();
    }

    @Test
    void a_name_of_a_file_cannot_pretend_to_be_a_line() {
        Subject subject = new Subject(Approvable.CONTRACT).with("applies x\nrelease: y", "z\nrelease: y");

        assertThat(subject.lines()).containsExactly("applies x?release:y: z?release: y");
    }

    @Test
    void a_line_is_told_once() {
        assertThatThrownBy(() -> subject("a", "b").with("first", "c")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void differences_name_what_was_approved_and_what_is() {
        Subject now = new Subject(Approvable.CONTRACT)
                .with("same", "1")
                .with("changed", "3")
                .with("new", "4");

        assertThat(now.differences(List.of("same: 1", "changed: 2", "gone: 5")))
                .containsExactly(
                        "changed was 2, is 3", "approved but not so any more: gone: 5", "not approved: new: 4");
        assertThat(now.differences(now.lines())).isEmpty();
    }

    @Test
    void what_has_become_less_is_within_what_was_approved() {
        assertThat(subject("a", "b").isWithin(List.of("first: a", "second: b", "third: c")))
                .isTrue();
        assertThat(subject("a", "b").isWithin(List.of("first: a"))).isFalse();
        assertThat(subject("a", "b").isWithin(List.of("first: a", "second: c"))).isFalse();
    }

    private static Subject subject(String first, String second) {
        return new Subject(Approvable.CONTRACT).with("first", first).with("second", second);
    }
}
