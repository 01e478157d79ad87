package io.pitstop.backfill.walk;

/**
 * A column of a key.
 *
 * @param number as in pg_attribute
 * @param name as it is written in SQL
 * @param type as it is written in SQL
 */
record Column(int number, String name, String type) {}
