package io.pitstop.check.trial;

/** How PostgreSQL locks a table, the mildest first. */
enum LockMode {
    ACCESS_SHARE("nothing"),
    ROW_SHARE("nothing"),
    ROW_EXCLUSIVE("nothing"),
    SHARE_UPDATE_EXCLUSIVE("nothing but other changes of its schema"),
    SHARE("every write"),
    SHARE_ROW_EXCLUSIVE("every write"),
    EXCLUSIVE("every write"),
    ACCESS_EXCLUSIVE("every read and write");

    private final String blocks;

    LockMode(String blocks) {
        this.blocks = blocks;
    }

    /** From pg_locks: {@code AccessExclusiveLock}. */
    static LockMode of(String mode) {
        String words = mode.replaceFirst("Lock$", "").replaceAll("(?<=[a-z])(?=[A-Z])", "_");
        return valueOf(words.toUpperCase(java.util.Locale.ROOT));
    }

    /** True if the application waits for it. */
    boolean isFelt() {
        return compareTo(SHARE) >= 0;
    }

    /** What has to wait while somebody holds it. */
    String blocks() {
        return blocks;
    }

    @Override
    public String toString() {
        return name().replace('_', ' ');
    }
}
