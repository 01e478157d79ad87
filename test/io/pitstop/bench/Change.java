package io.pitstop.bench;

import java.util.List;
import java.util.Map;

/**
 * One change of the demo's application.
 *
 * @param setUp makes the table with {@code :rows} rows
 * @param naive the change in one go
 * @param batches the same by hand, over {@code :from} to {@code :to} of the key, ends included
 * @param files backfill files by name, with {@code :walk} for the end of their header
 * @param remaining counts what is not done
 * @param read a point read, and {@code write} a point update of the application
 * @param pgroll operations of a migration that fills the same columns, after {@code pgrollFirst} in plain SQL
 */
record Change(
        String table,
        List<String> setUp,
        List<String> naive,
        List<String> batches,
        Map<String, String> files,
        String remaining,
        String read,
        String write,
        List<String> pgrollFirst,
        List<String> pgroll) {

    /** One that only backfill files make. */
    static Change of(String table, Map<String, String> files) {
        return new Change(table, List.of(), List.of(), List.of(), files, "", "", "", List.of(), List.of());
    }

    /** {@code name} becomes {@code first_name} and {@code last_name}. */
    static Change users() {
        String set = "UPDATE users SET first_name = split_part(name, ' ', 1), last_name = split_part(name, ' ', 2)";
        String remaining = "SELECT count(*) FROM users WHERE first_name IS NULL";
        return new Change(
                "users",
                List.of(
                        "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, email text NOT NULL,"
                                + " first_name text, last_name text)",
                        "INSERT INTO users SELECT g, 'First' || g % 1000 || ' Last' || g, 'user' || g || '@example.com'"
                                + " FROM generate_series(1, :rows) g",
                        dualWrite("users", "name"),
                        trigger("users", "name")),
                List.of(set + " WHERE first_name IS NULL"),
                List.of(set + " WHERE id BETWEEN :from AND :to AND first_name IS NULL"),
                Map.of(
                        "B1__names.sql",
                        "-- backfill: table=users :walk\n-- remaining: " + remaining
                                + "\n-- same: SELECT id, (first_name, last_name) IS NOT DISTINCT FROM"
                                + " (split_part(name, ' ', 1), split_part(name, ' ', 2)) FROM users WHERE :batch\n"
                                + set
                                + " WHERE :batch AND first_name IS NULL;\n"),
                remaining,
                "SELECT email FROM users WHERE id = ?",
                "UPDATE users SET email = email WHERE id = ?",
                List.of(),
                List.of(
                        alter("users", "first_name", "varchar(200)", "split_part(name, ' ', 1)"),
                        alter("users", "last_name", "varchar(200)", "split_part(name, ' ', 2)")));
    }

    /** {@code author_name} and {@code author_email} become rows of {@code authors}; fifty posts to an author. */
    static Change posts() {
        String insert = "INSERT INTO authors (name, email) SELECT DISTINCT ON (author_email) author_name, author_email"
                + " FROM posts WHERE :part author_id IS NULL ORDER BY author_email, id DESC ON CONFLICT (email) DO NOTHING";
        String missing = "NOT EXISTS (SELECT FROM authors WHERE email = author_email)";
        String set = "UPDATE posts SET author_id = authors.id FROM authors"
                + " WHERE :part posts.author_id IS NULL AND authors.email = posts.author_email";
        String remaining = "SELECT count(*) FROM posts WHERE author_id IS NULL";
        String header = "-- backfill: table=posts :walk\n-- remaining: ";
        return new Change(
                "posts",
                List.of(
                        "CREATE TABLE posts (id bigint PRIMARY KEY, title text NOT NULL, body text NOT NULL,"
                                + " author_name text NOT NULL, author_email text NOT NULL, author_id bigint)",
                        "INSERT INTO posts SELECT g, 'Title ' || g, repeat('words ', 20), 'Author ' || g % (:rows / 50),"
                                + " 'author' || g % (:rows / 50) || '@example.com' FROM generate_series(1, :rows) g",
                        "CREATE TABLE authors (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL,"
                                + " email text NOT NULL UNIQUE)",
                        dualWrite("posts", "author_name"),
                        trigger("posts", "author_name, author_email")),
                List.of(insert.replace(":part", ""), set.replace(":part", "")),
                List.of(
                        insert.replace(":part", "id BETWEEN :from AND :to AND " + missing + " AND"),
                        set.replace(":part", "posts.id BETWEEN :from AND :to AND")),
                Map.of(
                        "B1__authors.sql",
                        header + remaining + " AND " + missing
                                + "\n-- same: nothing, because the other file compares what these rows are for\n"
                                + insert.replace(":part", ":batch AND " + missing + " AND") + ";\n",
                        "B2__author_id.sql",
                        header + remaining
                                + "\n-- same: SELECT p.id, a.email IS NOT DISTINCT FROM p.author_email FROM posts p"
                                + " LEFT JOIN authors a ON a.id = p.author_id WHERE :batch(p)\n"
                                + set.replace(":part", ":batch(posts) AND") + ";\n"),
                remaining,
                "SELECT title FROM posts WHERE id = ?",
                "UPDATE posts SET title = title WHERE id = ?",
                List.of(insert.replace(":part", "")),
                List.of(alter("posts", "author_id", "numeric", "(SELECT id FROM authors WHERE email = author_email)")));
    }

    /** pgroll fills a column that it makes beside the old one, which takes its place when the migration completes. */
    private static String alter(String table, String column, String type, String up) {
        return "{\"alter_column\": {\"table\": \"" + table + "\", \"column\": \"" + column + "\", \"type\": \"" + type
                + "\", \"up\": \"" + up + "\", \"down\": \"" + column + "\"}}";
    }

    /** Does nothing that would cost: what is measured is that the trigger need not be called. */
    private static String dualWrite(String table, String column) {
        return "CREATE FUNCTION " + table + "_dual_write() RETURNS trigger LANGUAGE plpgsql AS" + " $$ BEGIN NEW."
                + column + " := NEW." + column + "; RETURN NEW; END $$";
    }

    private static String trigger(String table, String columns) {
        return "CREATE TRIGGER zz_dual_write BEFORE UPDATE OF " + columns + " ON " + table + " FOR EACH ROW"
                + " WHEN (current_setting('pitstop.backfill', true) IS DISTINCT FROM 'on')"
                + " EXECUTE FUNCTION " + table + "_dual_write()";
    }
}
