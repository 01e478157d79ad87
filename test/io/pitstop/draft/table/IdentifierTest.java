package io.pitstop.draft.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentifierTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "posts, posts",
                "Posts, \"Posts\"",
                "order, \"order\"",
                "a b, \"a b\"",
                "a\"b, \"a\"\"b\"",
                "2nd, \"2nd\""
            })
    void a_name_is_quoted_where_it_needs_it(String name, String written) {
        assertThat(Identifier.quoted(name)).isEqualTo(written);
        assertThat(Identifier.unquoted(written)).isEqualTo(name);
    }

    @Test
    void a_person_writes_names_as_sql_reads_them() {
        assertThat(Identifier.unquoted("Posts")).isEqualTo("posts");
    }

    @Test
    void long_names_are_cut_as_postgresql_would_but_stay_apart() {
        String table = "ä".repeat(40);

        String one = Identifier.of(table, "name", "dual_write");
        String other = Identifier.of(table, "mail", "dual_write");

        assertThat(one.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(63);
        assertThat(one).startsWith("ä".repeat(27)).isNotEqualTo(other);
        assertThat(Identifier.of("posts", "name")).isEqualTo("posts_name");
    }
}
