package io.pitstop.prove.wire;

import io.pitstop.database.Mark;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A server that has no room left. A quota takes an administrator to set, so another statement goes in place of the one that
 * writes: one that fails with the same error, in the same transaction, which is aborted by it as it would be.
 */
final class FullDisk {
    private static final String FAILURE = Mark.on("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE ="
            + " 'could not extend file \"base/16384/24576\": No space left on device', HINT = 'Check free disk space.';"
            + " END $$");

    private FullDisk() {}

    /** What the server gets instead: a simple query, whose answer ends as that to {@code group} does. */
    static byte[] insteadOf(Frontend.Group group) {
        byte[] sql = ((group.begins() ? "BEGIN; " : "") + FAILURE).getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + 4 + sql.length + 1)
                .put((byte) 'Q')
                .putInt(4 + sql.length + 1)
                .put(sql)
                .array();
    }
}
