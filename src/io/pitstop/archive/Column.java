package io.pitstop.archive;

import static io.pitstop.archive.Query.quoted;

/**
 * A column of a table, and how the archive keeps its values: as what they are, or as text if the type is not one of
 * PostgreSQL's own. The archive would otherwise stand in the way of whoever drops or alters the type.
 *
 * @param name in the table; {@code ctid} is the place of a row
 * @param type in the table, with its schema
 * @param kept type in the archive
 * @param collation of the table's column, with its schema; empty if the type has none
 * @param textual true if the archive's column has a collation
 */
record Column(String name, String type, String kept, String collation, boolean textual) {
    /** A value that tells one row from another must not be equal to another one in the archive: bytes decide. */
    private static final String BYTES = " COLLATE \"C\"";

    static final Column PLACE = new Column("ctid", "pg_catalog.tid", "pg_catalog.tid", "", false);

    private static final String KEPT_PLACE = "pitstop_ctid";

    boolean isPlace() {
        return name.equals(PLACE.name);
    }

    /** Its name in the archive, quoted. */
    String keptName() {
        return isPlace() ? KEPT_PLACE : quoted(name);
    }

    String definition() {
        return keptName() + " " + kept + (textual ? BYTES : "");
    }

    /** Its value in a row of the table. */
    String in(String row) {
        return row + "." + (isPlace() ? name : quoted(name));
    }

    /** Its value in a row of the archive. */
    String keptIn(String row) {
        return row + "." + keptName();
    }

    /** The value in a row of the table as the archive keeps it. */
    String toKept(String row) {
        return (isKeptAsIs() ? in(row) : in(row) + "::" + kept) + (textual ? BYTES : "");
    }

    /** The value in a row of the archive as the table has it. */
    String fromKept(String row) {
        String value = isKeptAsIs() ? keptIn(row) : keptIn(row) + "::" + type;
        return collation.isEmpty() ? value : value + " COLLATE " + collation;
    }

    /** Two rows of the table that differ in it, be it only in a trailing zero. */
    String differs(String row, String other) {
        return in(row) + "::text COLLATE \"C\" IS DISTINCT FROM " + in(other) + "::text COLLATE \"C\"";
    }

    private boolean isKeptAsIs() {
        return type.equals(kept);
    }
}
