package io.pitstop.demo;

import com.fasterxml.jackson.databind.JsonNode;

/** What some commands of the demo told of their results. */
record Outcomes(JsonNode backfill, JsonNode contract, JsonNode restore) {
    long backfilled() {
        return backfill.path("rows").asLong();
    }

    double backfillSeconds() {
        return backfill.path("seconds").asDouble();
    }

    int evidence() {
        return contract.path("evidence").size();
    }

    /** Rows that have what they had at contract. */
    long restored() {
        return restore.path("rows").asLong();
    }

    /** Of these, rows that were written since. */
    long changed() {
        return restore.path("changed").asLong();
    }

    /** Rows of which the archive knows nothing. */
    long unknown() {
        return restore.path("unknown").asLong();
    }
}
