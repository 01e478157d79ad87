package io.pitstop.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a workflow of Teams takes that begins with a webhook request: a message with one Adaptive Card attached. */
final class TeamsMessage {
    /** Teams refuses messages of more than 28 KB. */
    private static final int LONGEST = 5_000;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private TeamsMessage() {}

    static JsonNode of(Notification told) {
        ObjectNode message = JSON.objectNode().put("type", "message");
        message.putArray("attachments")
                .addObject()
                .put("contentType", "application/vnd.microsoft.card.adaptive")
                .putNull("contentUrl")
                .set("content", card(told));
        return message;
    }

    private static ObjectNode card(Notification told) {
        ObjectNode card = JSON.objectNode()
                .put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
                .put("type", "AdaptiveCard")
                .put("version", "1.4");
        ArrayNode body = card.putArray("body");
        body.add(text(told.headline()).put("weight", "Bolder").put("size", "Medium"));
        body.add(text(told.text()));
        ArrayNode facts = body.addObject().put("type", "FactSet").putArray("facts");
        fact(facts, "Next", told.next());
        fact(facts, "Release", told.about().release());
        fact(facts, "Live", told.live());
        fact(facts, "By", told.author().person());
        if (!told.author().buildUrl().isEmpty()) {
            card.putArray("actions")
                    .addObject()
                    .put("type", "Action.OpenUrl")
                    .put("title", "Build")
                    .put("url", told.author().buildUrl());
        }
        return card;
    }

    private static ObjectNode text(String text) {
        return JSON.objectNode()
                .put("type", "TextBlock")
                .put("text", Texts.cut(text, LONGEST))
                .put("wrap", true);
    }

    private static void fact(ArrayNode facts, String title, String value) {
        if (!value.isEmpty()) {
            facts.addObject().put("title", title).put("value", Texts.cut(value, LONGEST));
        }
    }
}
