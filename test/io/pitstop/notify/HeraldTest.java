package io.pitstop.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.config.Occasion;
import io.pitstop.config.PitstopConfig;
import io.pitstop.error.DependencyFailed;
import io.pitstop.release.Colour;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Something to tell, of no release that a journal would know, and a channel. */
@Timeout(60)
class HeraldTest {
    /** Where somebody does not answer, which is waited for. */
    private static final Duration SHORT = Duration.ofSeconds(8);

    private static final Supplier<ReleaseJournal> NONE = () -> {
        throw new AssertionError("there is nothing to ask a journal");
    };

    @TempDir
    private Path folder;

    /** So long that a slow machine does not matter where all answer. */
    private Duration patience = Duration.ofSeconds(20);

    private final Channel channel = new Channel();
    private final Map<String, String> environment = new HashMap<>(Map.of("HOOK", channel.url()));
    private final List<String> warnings = new ArrayList<>();

    @AfterEach
    void nothing_secret_was_said() {
        channel.close();
        assertThat(warnings).noneMatch(line -> line.contains(Channel.SECRET) || line.contains("s3cret"));
    }

    @Test
    void everybody_is_told_in_their_own_form() {
        environment.put("TOKEN", "s3cret");
        herald(
                        "slack: { url: \"${HOOK}\" }",
                        "teams: { url: \"${HOOK}?sig=${TOKEN}\" }",
                        "post: { url: \"${HOOK}\", tokenVariable: TOKEN }")
                .tell(item(Occasion.SWITCHED), NONE);

        assertThat(warnings).isEmpty();
        assertThat(channel.taken)
                .hasSize(3)
                .allMatch(one -> one.method().equals("POST") && one.type().equals("application/json; charset=utf-8"));
        assertThat(taken("blocks").target()).isEqualTo("/services/" + Channel.SECRET);
        assertThat(taken("attachments").target()).endsWith("?sig=s3cret");
        assertThat(taken("schema").authorization()).isEqualTo("Bearer s3cret");
        assertThat(taken("blocks").authorization()).isEqualTo("null");
    }

    @Test
    void only_those_are_told_who_want_to_be() {
        herald("post: { url: \"${HOOK}\", on: [rolled-back] }", "post: { url: \"${HOOK}\", on: [switched] }")
                .tell(item(Occasion.SWITCHED), NONE);
        assertThat(channel.occasions()).containsExactly("switched");

        herald("post: { url: \"${HOOK}\", on: [rolled-back] }").tell(item(Occasion.SWITCHED), NONE);
        assertThat(channel.taken).hasSize(1);
    }

    @Test
    void a_receiver_that_is_busy_is_tried_once_more() {
        herald("post: { url: \"${HOOK}\" }", channel.answers(503)).tell(item(Occasion.SWITCHED), NONE);

        assertThat(channel.taken).hasSize(2);
        assertThat(warnings).isEmpty();
    }

    @Test
    void a_receiver_that_stays_busy_is_named_and_left() {
        herald("post: { url: \"${HOOK}\" }", channel.answers(500).answers(429).answers(200))
                .tell(item(Occasion.SWITCHED), NONE);

        assertThat(channel.taken).hasSize(2);
        assertThat(warnings)
                .containsExactly("warning: notifications[0] (post) was not told of switched: it answers 429.");
    }

    @Test
    void a_receiver_that_wants_to_be_left_alone_for_long_is_not_tried_again() {
        long begun = System.nanoTime();
        herald("post: { url: \"${HOOK}\" }", channel.answers(429, "", "30")).tell(item(Occasion.SWITCHED), NONE);

        assertThat(channel.taken).hasSize(1);
        assertThat(warnings).singleElement().asString().contains("it answers 429.");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SHORT);
    }

    @Test
    void a_message_that_is_refused_is_not_sent_again_and_its_reason_is_told() {
        herald("slack: { url: \"${HOOK}\" }", channel.answers(404, "no_service", ""))
                .tell(item(Occasion.SWITCHED), NONE);

        assertThat(channel.taken).hasSize(1);
        assertThat(warnings)
                .containsExactly(
                        "warning: notifications[0] (slack) was not told of switched: it answers 404 no_service.");
    }

    @Test
    void what_a_receiver_quotes_of_its_address_is_not_told() {
        herald("slack: { url: \"${HOOK}\" }", channel.answers(404, "Cannot POST /services/" + Channel.SECRET, ""))
                .tell(item(Occasion.SWITCHED), NONE);

        assertThat(warnings).singleElement().asString().endsWith(": it answers 404.");
    }

    @Test
    void a_receiver_that_never_answers_holds_nothing_up_for_long_and_nobody_else() {
        try (Channel other = new Channel()) {
            environment.put("OTHER", other.url());
            patience = SHORT;
            long begun = System.nanoTime();

            herald("slack: { url: \"${HOOK}\" }", "post: { url: \"${OTHER}\" }", channel.neverAnswers())
                    .tell(item(Occasion.SWITCHED), NONE);

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SHORT.plusSeconds(2));
            assertThat(other.occasions()).containsExactly("switched");
            assertThat(warnings)
                    .containsExactly("warning: notifications[0] (slack) was not told of switched:"
                            + " it did not answer in time.");
        }
    }

    @Test
    void an_answer_that_does_not_end_holds_nothing_up_for_long() {
        patience = SHORT;
        long begun = System.nanoTime();

        herald("post: { url: \"${HOOK}\" }", channel.answers(404).neverEndsAnAnswer())
                .tell(item(Occasion.SWITCHED), NONE);

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SHORT.plusSeconds(2));
        assertThat(warnings).hasSize(1);
    }

    @Test
    void nobody_there_is_a_warning() {
        environment.put("HOOK", "http://127.0.0.1:1/services/" + Channel.SECRET);
        environment.put("NOWHERE", "http://no-such-host.invalid/" + Channel.SECRET);

        herald("slack: { url: \"${HOOK}\" }", "teams: { url: \"${NOWHERE}\" }").tell(item(Occasion.SWITCHED), NONE);

        assertThat(warnings)
                .containsExactly(
                        "warning: notifications[0] (slack) was not told of switched: it refuses connections, or its"
                                + " name is unknown.",
                        "warning: notifications[1] (teams) was not told of switched: it refuses connections, or its"
                                + " name is unknown.");
    }

    @Test
    void what_is_wrong_with_the_environment_is_a_warning() {
        environment.put("WORDS", "geheim " + Channel.SECRET);
        environment.put("LINES", "s3cret\ns3cret");

        herald(
                        "slack: { url: \"${ABSENT}\" }",
                        "teams: { url: \"${WORDS}\" }",
                        "post: { url: \"${HOOK}\", tokenVariable: ABSENT }",
                        "post: { url: \"${HOOK}\", tokenVariable: LINES }")
                .tell(item(Occasion.SWITCHED), NONE);

        assertThat(channel.taken).isEmpty();
        assertThat(warnings)
                .extracting(line -> line.replaceFirst("warning: notifications\\[\\d] ", "")
                        .replace("was not told of switched: ", ""))
                .containsExactly(
                        "(slack) the environment variable ABSENT is not set.",
                        "(teams) what its url stands for is no http or https address.",
                        "(post) the environment variable ABSENT is not set.",
                        "(post) the environment variable LINES has characters that no header takes, such as the end"
                                + " of a line.");
    }

    @Test
    void who_is_stopped_tells_people_all_the_same_and_stays_stopped() {
        Thread.currentThread().interrupt();

        herald("post: { url: \"${HOOK}\" }").tell(item(Occasion.ROLLED_BACK), NONE);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(channel.occasions()).containsExactly("rolled-back");
    }

    @Test
    void a_journal_that_never_answers_holds_nothing_up_for_long_and_keeps_nobody_from_being_told() {
        Release release =
                new Release("blog-2-1", "blog", "2", "1", Colour.GREEN, Instant.EPOCH, Map.of(), Optional.empty());
        CountDownLatch never = new CountDownLatch(1);
        Supplier<ReleaseJournal> frozen = () -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new DependencyFailed("The database does not answer.", "Start it.");
        };
        patience = SHORT;
        long begun = System.nanoTime();

        herald("post: { url: \"${HOOK}\" }").tell(item(Occasion.ROLLED_BACK, Optional.of(release)), frozen);

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SHORT.plusSeconds(2));
        assertThat(channel.occasions()).containsExactly("rolled-back");
        assertThat(warnings)
                .containsExactly("warning: the event log does not know that people were told of rolled-back:"
                        + " it did not answer in time.");
    }

    private Herald herald(String first, Channel channel) {
        return herald(first);
    }

    private Herald herald(String first, String second, Channel channel) {
        return herald(first, second);
    }

    private Herald herald(String... entries) {
        try {
            Path file = Files.writeString(
                    folder.resolve("pitstop.yml"),
                    """
                    application: blog
                    database: { url: "jdbc:postgresql://127.0.0.1/blog" }
                    environments: { terraform: none, health: { path: /health } }
                    traffic: { local: { admin: "http://127.0.0.1:1", tokenFile: token } }
                    notifications:
                      - %s
                    """
                            .formatted(String.join("\n  - ", entries)));
            PitstopConfig config = PitstopConfig.load(file, Map.of());
            return new Herald(config.notifications(), environment, patience, warnings::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Channel.Taken taken(String key) {
        return channel.taken.stream()
                .filter(one -> one.body().has(key))
                .findFirst()
                .orElseThrow();
    }

    private static Item item(Occasion occasion) {
        return item(occasion, Optional.empty());
    }

    private static Item item(Occasion occasion, Optional<Release> release) {
        Notification told = new Notification(
                occasion.key(),
                "blog: something",
                "It has happened.",
                "",
                Instant.EPOCH,
                About.of("blog"),
                "switch-traffic",
                "",
                new Author("ann", "", ""));
        return new Item(occasion, told, release, "", event -> false);
    }
}
