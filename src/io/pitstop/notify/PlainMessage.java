package io.pitstop.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** The notification as it is, for programs: docs/notifications.md lists the fields. */
final class PlainMessage {
    /** Rises when a field goes or changes its meaning; new ones may come without it. */
    private static final int SCHEMA = 1;

    private PlainMessage() {}

    static JsonNode of(Notification told) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("schema", SCHEMA)
                .put("what", told.what())
                .put("at", told.at().toString())
                .put("application", told.about().application())
                .put("release", told.about().release())
                .put("version", told.about().version())
                .put("fromVersion", told.about().fromVersion())
                .put("candidate", told.about().candidate())
                .put("live", told.live())
                .put("step", told.step())
                .put("headline", told.headline())
                .put("text", told.text())
                .put("next", told.next())
                .put("person", told.author().person())
                .put("build", told.author().build())
                .put("buildUrl", told.author().buildUrl());
    }
}
