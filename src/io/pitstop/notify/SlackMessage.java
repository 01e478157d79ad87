package io.pitstop.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What Slack's incoming webhooks take: a text for the line that pops up, and blocks for the channel. */
final class SlackMessage {
    // Slack refuses the whole message if a part is longer (docs.slack.dev/reference/block-kit/blocks).
    private static final int LONGEST_HEADER = 150;
    private static final int LONGEST_SECTION = 3_000;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private SlackMessage() {}

    static JsonNode of(Notification told) {
        ObjectNode message = JSON.objectNode().put("text", escaped(told.headline(), LONGEST_SECTION));
        ArrayNode blocks = message.putArray("blocks");
        blocks.addObject().put("type", "header").set("text", plain(told.headline()));
        blocks.add(section(told.text()));
        if (!told.next().isEmpty()) {
            blocks.add(section("Next: " + told.next()));
        }
        ObjectNode context = blocks.addObject().put("type", "context");
        context.putArray("elements").add(marked(context(told)));
        return message;
    }

    private static ObjectNode section(String text) {
        ObjectNode section = JSON.objectNode().put("type", "section");
        section.set("text", marked(escaped(text, LONGEST_SECTION)));
        return section;
    }

    private static String context(Notification told) {
        String release = told.about().release();
        String by = escaped("by " + told.author().person(), LONGEST_SECTION);
        String url = told.author().buildUrl();
        return (release.isEmpty() ? "" : escaped(release, LONGEST_SECTION) + ", ")
                + by
                + (url.isEmpty() ? "" : ", <" + url.replace("&", "&amp;") + "|build>");
    }

    private static ObjectNode plain(String text) {
        return JSON.objectNode()
                .put("type", "plain_text")
                .put("text", Texts.cut(text, LONGEST_HEADER))
                .put("emoji", false);
    }

    /** Verbatim: names of channels and people in it are not looked for. */
    private static ObjectNode marked(String text) {
        return JSON.objectNode().put("type", "mrkdwn").put("text", text).put("verbatim", true);
    }

    /** Slack takes what is between < and > for a link, or for everybody in the channel. */
    private static String escaped(String text, int longest) {
        String whole = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return whole.length() <= longest ? whole : escaped(Texts.cut(text, text.length() * 9 / 10), longest);
    }
}
