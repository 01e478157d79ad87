package io.pitstop.draft.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.error.InvalidConfig;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DefinitionTest {
    @Test
    void columns_are_written_as_in_create_table() {
        assertThat(Definition.columns("id bigint NOT NULL, \"Name\" varchar(20) DEFAULT 'a, b' not null,"
                        + " price numeric(10, 2) NOT NULL DEFAULT 0, at timestamp with time zone"))
                .containsExactly(
                        new Column("id", "bigint", true, Optional.empty(), false),
                        new Column("Name", "varchar(20)", true, Optional.of("'a, b'"), false),
                        new Column("price", "numeric(10, 2)", true, Optional.of("0"), false),
                        new Column("at", "timestamp with time zone"));
    }

    @Test
    void what_is_no_column_is_named() {
        assertThatThrownBy(() -> Definition.columns("id bigint, name"))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("\"name\"");
    }
}
