package io.pitstop.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One notification, as each kind of receiver gets it. */
class MessagesTest {
    private static final Notification SWITCHED = new Notification(
            "switched",
            "blog: all users are on 2 (green)",
            "green is live with 2.",
            "pitstop rollback --release blog-2-1 puts users back.",
            Instant.parse("2026-03-01T10:00:00Z"),
            new About("blog", "blog-2-1", "2", "1", "green"),
            "switch-traffic",
            "green",
            new Author("ann", "jenkins-blog-7", "https://ci.example/job/blog/7/?a=1&b=2"));

    @Test
    void a_program_gets_the_notification_as_it_is_documented() throws IOException {
        String page = Files.readString(Path.of("docs/notifications.md"));
        String example = page.substring(page.indexOf("```json") + 7);

        JsonNode documented = new ObjectMapper().readTree(example.substring(0, example.indexOf("```")));

        assertThat(PlainMessage.of(SWITCHED).toPrettyString()).isEqualTo(documented.toPrettyString());
    }

    @Test
    void slack_gets_a_text_to_pop_up_and_blocks_to_read() {
        JsonNode message = SlackMessage.of(SWITCHED);

        assertThat(message.path("text").asText()).isEqualTo("blog: all users are on 2 (green)");
        assertThat(message.at("/blocks/0/type").asText()).isEqualTo("header");
        assertThat(message.at("/blocks/0/text/type").asText()).isEqualTo("plain_text");
        assertThat(message.at("/blocks/1/text/text").asText()).isEqualTo("green is live with 2.");
        assertThat(message.at("/blocks/2/text/text").asText()).startsWith("Next: pitstop rollback");
        assertThat(message.at("/blocks/3/elements/0/text").asText())
                .isEqualTo("blog-2-1, by ann, <https://ci.example/job/blog/7/?a=1&amp;b=2|build>");
    }

    @Test
    void slack_is_not_made_to_call_everybody_nor_to_refuse_what_is_long() {
        Notification loud = new Notification(
                "switched",
                "h".repeat(400),
                "<!channel> & " + "<".repeat(4_000),
                "",
                Instant.EPOCH,
                About.of("blog"),
                "switch-traffic",
                "",
                new Author("<@U1>", "", ""));

        JsonNode message = SlackMessage.of(loud);

        assertThat(message.at("/blocks/0/text/text").asText()).hasSize(150).endsWith("...");
        assertThat(message.at("/blocks/1/text/text").asText())
                .hasSizeLessThanOrEqualTo(3_000)
                .startsWith("&lt;!channel&gt; &amp; &lt;")
                .endsWith("&lt;...");
        assertThat(message.at("/blocks/2/elements/0/text").asText()).isEqualTo("by &lt;@U1&gt;");
        assertThat(message.path("blocks")).as("nothing is next").hasSize(3);
    }

    @Test
    void a_workflow_of_teams_gets_a_message_with_one_card() {
        JsonNode message = TeamsMessage.of(SWITCHED);

        assertThat(message.path("type").asText()).isEqualTo("message");
        assertThat(message.path("attachments")).hasSize(1);
        JsonNode attachment = message.at("/attachments/0");
        assertThat(attachment.path("contentType").asText()).isEqualTo("application/vnd.microsoft.card.adaptive");
        assertThat(attachment.has("contentUrl")).isTrue();
        JsonNode card = attachment.path("content");
        assertThat(card.path("type").asText()).isEqualTo("AdaptiveCard");
        assertThat(card.path("version").asText()).isEqualTo("1.4");
        assertThat(card.at("/body/0/text").asText()).isEqualTo("blog: all users are on 2 (green)");
        assertThat(card.at("/body/1/text").asText()).isEqualTo("green is live with 2.");
        assertThat(card.at("/body/2/facts").findValuesAsText("title"))
                .isEqualTo(List.of("Next", "Release", "Live", "By"));
        assertThat(card.at("/actions/0/url").asText()).startsWith("https://ci.example/job/blog/7/");
    }

    @Test
    void a_build_is_linked_only_where_its_address_is_one() {
        assertThat(Author.from(Map.of("BUILD_TAG", "b-7", "BUILD_USER_ID", "eve", "BUILD_URL", "https://ci/7/")))
                .isEqualTo(new Author("eve", "b-7", "https://ci/7/"));
        assertThat(Author.from(Map.of("BUILD_URL", "javascript:alert(1)")).buildUrl())
                .isEmpty();
        assertThat(Author.from(Map.of("BUILD_URL", "https://ci/7|x>")).buildUrl())
                .isEmpty();
    }
}
