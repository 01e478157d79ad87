package io.pitstop.check.trial;

/**
 * A table, view or index at one moment.
 *
 * @param name without the schema if that is public
 * @param kind as in pg_class
 * @param node the file that it is kept in: another one when it was written anew
 * @param table of an index, else 0
 * @param valid false for an index that is not kept or not used
 */
record Relation(long oid, String name, char kind, long node, long table, boolean valid) {
    boolean isIndex() {
        return kind == 'i' || kind == 'I';
    }

    /** True if an application may know it by its name. */
    boolean isNamed() {
        return "rpvmf".indexOf(kind) >= 0;
    }
}
