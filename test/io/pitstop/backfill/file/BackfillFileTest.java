package io.pitstop.backfill.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.backfill.file.BatchStatement.Bound;
import io.pitstop.error.InvalidConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file whose header is right, unless said otherwise. */
class BackfillFileTest {
    private static final String HEADER =
            """
            -- backfill: table=posts key=id
            -- remaining: SELECT count(*) FROM posts WHERE a IS NULL;
            """;

    private static final String RANGE = " WHERE id BETWEEN :from AND :to";

    @TempDir
    private Path folder;

    @Test
    void header_and_statements_are_read() throws IOException {
        BackfillFile file = read(HEADER + "UPDATE posts SET a = 1" + RANGE + ";\n\nDELETE FROM old" + RANGE);

        assertThat(file.table()).isEqualTo("posts");
        assertThat(file.header()).isEqualTo(new Header("posts", List.of("id"), Optional.empty(), Optional.empty()));
        assertThat(file.remaining()).isEqualTo("SELECT count(*) FROM posts WHERE a IS NULL");
        assertThat(file.remainingRows()).isEqualTo("SELECT * FROM posts WHERE a IS NULL LIMIT 10");
        assertThat(file.statements()).extracting(BatchStatement::line).containsExactly(3, 5);
        assertThat(file.statements().get(0).sql()).isEqualTo("UPDATE posts SET a = 1 WHERE id BETWEEN ? AND ?");
        assertThat(file.statements().get(0).parameters()).containsExactly(Bound.FROM, Bound.TO);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "':from; it''s'",
                "E'\\':from;'",
                "\":to;\"",
                "$$ :from; $$",
                "$tag$ :from; $$ :to $tag$",
                "now()::text",
                "'12:00'::time",
                "list[1:2]",
                "a$1$b"
            })
    void what_looks_like_a_placeholder_or_an_end_inside_of_something_else_is_left_alone(String text)
            throws IOException {
        BackfillFile file = read(HEADER + "UPDATE posts SET a = " + text + RANGE + ";");

        assertThat(file.statements()).singleElement().satisfies(statement -> {
            assertThat(statement.sql()).isEqualTo("UPDATE posts SET a = " + text + " WHERE id BETWEEN ? AND ?");
            assertThat(statement.parameters()).hasSize(2);
        });
    }

    @Test
    void comments_are_left_out_and_lines_still_count() throws IOException {
        BackfillFile file = read(HEADER + "/* :from /* ; */\n:to; */ -- don't; :from\n\nUPDATE posts SET a = b ?| c"
                + " -- ;\n WHERE id >= :from AND id <= :TO AND :from > 0;");

        assertThat(file.statements()).singleElement().satisfies(statement -> {
            assertThat(statement.line()).isEqualTo(6);
            assertThat(statement.sql().replaceAll("\\s+", " "))
                    .isEqualTo("UPDATE posts SET a = b ??| c WHERE id >= ? AND id <= ? AND ? > 0");
            assertThat(statement.parameters()).containsExactly(Bound.FROM, Bound.TO, Bound.FROM);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    UPDATE posts SET a = 1;                                      | :3: The statement does not keep
                    UPDATE posts SET a = 1 WHERE id > :from;                     | :3: The statement does not keep
                    UPDATE p SET a = ':from' WHERE id < :to;                     | :3: The statement does not keep
                    UPDATE p SET a = 'x WHERE id BETWEEN :from AND :to           | :3: A quote begins here
                    UPDATE p SET a = $x$ WHERE id BETWEEN :from AND :to          | :3: A dollar quote begins here
                    /* UPDATE p SET a = 1 WHERE id BETWEEN :from AND :to         | :3: A comment begins here
                    -- nothing                                                   | has no statement
                    -- remaining: SELECT 1                                       | :3: "remaining: SELECT 1
                    """)
    void a_body_that_cannot_be_right_is_refused_by_its_line(String body, String message) {
        assertThatThrownBy(() -> read(HEADER + body))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    -- backfill: posts id            | -- remaining: SELECT 1       | :1: "backfill: posts id"
                    -- backfill: table=posts         | -- remaining: SELECT 1       | :1: "backfill: table=posts"
                    -- backfill: table=posts key=id  | -- remaining: DELETE FROM x  | :2: "remaining: DELETE FROM x"
                    -- backfill: table=posts key=id  | -- nothing                   | no line "-- remaining:
                    -- nothing                       | -- remaining: SELECT 1       | no line "-- backfill:
                    -- backfill: table=p key=id a=b  | -- remaining: SELECT 1       | :1: "backfill: table=p key=id a=b"
                    -- backfill: table=p walk=there  | -- remaining: SELECT 1       | :1: "backfill: table=p walk=there"
                    -- backfill: table=p key=a,,b    | -- remaining: SELECT 1       | :1: "backfill: table=p key=a,,b"
                    -- backfill: table=p key=a key=b | -- remaining: SELECT 1       | :1: "backfill: table=p key=a key=b"
                    -- backfill: key=id              | -- remaining: SELECT 1       | :1: "backfill: key=id"
                    -- backfill: table=p key=id batch=7 | -- remaining: SELECT 1    | :1: "backfill: table=p key=id batch=7"
                    -- backfill: table=p key=id walk=heap | -- remaining: SELECT 1  | :1: "backfill: table=p key=id walk=heap"
                    """)
    void a_header_that_cannot_be_right_is_refused_by_its_line(String first, String second, String message) {
        assertThatThrownBy(() -> read(first + "\n" + second + "\nUPDATE posts SET a = 1" + RANGE))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining(message);
    }

    @Test
    void the_header_may_say_how_to_walk_and_how_long_a_batch_should_take() throws IOException {
        String rest = "\n-- remaining: SELECT count(*) FROM posts\nUPDATE posts SET a = 1 WHERE :batch";

        assertThat(read("-- backfill: table=posts batch=50ms walk=heap" + rest).header())
                .isEqualTo(new Header(
                        "posts", List.of(), Optional.of(Header.Order.HEAP), Optional.of(Duration.ofMillis(50))));
        assertThat(read("-- backfill: table=posts walk=key key=a,b" + rest)
                        .header()
                        .key())
                .containsExactly("a", "b");
        assertThat(read("-- backfill: table=posts" + rest).header().walk()).isEmpty();
    }

    @Test
    void a_placeholder_has_a_value_for_each_column_that_is_walked() throws IOException {
        BackfillFile file = read("-- backfill: table=posts key=a,b\n-- remaining: SELECT count(*) FROM posts\n"
                + "UPDATE posts SET x = 1 WHERE (a, b) BETWEEN :from AND :to;"
                + "UPDATE posts p SET x = 2 FROM c WHERE :batch(p) AND NOT x");

        List<BatchStatement> statements = file.statements(List.of("a", "b"));

        assertThat(statements)
                .extracting(BatchStatement::sql)
                .containsExactly(
                        "UPDATE posts SET x = 1 WHERE (a, b) BETWEEN (?, ?) AND (?, ?)",
                        "UPDATE posts p SET x = 2 FROM c WHERE (p.a, p.b) BETWEEN (?, ?) AND (?, ?) AND NOT x");
        assertThat(statements)
                .extracting(BatchStatement::parameters)
                .containsOnly(List.of(Bound.FROM, Bound.FROM, Bound.TO, Bound.TO));
        assertThat(statements).extracting(BatchStatement::followsTheWalk).containsExactly(false, true);
    }

    @Test
    void the_checksum_changes_with_any_change_of_the_text() throws IOException {
        String text = HEADER + "UPDATE posts SET a = 1" + RANGE;

        assertThat(read(text).checksum())
                .isEqualTo(read(text).checksum())
                .isNotEqualTo(read(text + " ").checksum());
    }

    private BackfillFile read(String text) throws IOException {
        return BackfillFile.read(Files.writeString(folder.resolve("B1__a.sql"), text));
    }
}
