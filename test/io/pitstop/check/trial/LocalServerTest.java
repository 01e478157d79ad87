package io.pitstop.check.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A PostgreSQL is started from the programs of this machine, where it has some. */
class LocalServerTest {
    private final List<String> reasons = new ArrayList<>();

    @Test
    @Timeout(60)
    void it_serves_us_alone_and_leaves_nothing_behind() throws SQLException {
        Scratch scratch = start();
        String url;
        Path folder;
        try (scratch;
                Connection connection = scratch.connect();
                Statement statement = connection.createStatement()) {
            url = connection.getMetaData().getURL();
            folder = ((LocalServer) scratch).folder();
            assertThat(Files.exists(folder)).isTrue();
            assertThat(value(statement, "SHOW TimeZone")).isEqualTo("UTC");
            assertThatThrownBy(() -> DriverManager.getConnection(url, "postgres", "guessed"))
                    .hasMessageContaining("password authentication failed");
        }

        assertThat(Files.exists(folder)).isFalse();
        assertThatThrownBy(() -> DriverManager.getConnection(url, "postgres", "guessed"))
                .hasMessageContaining("refused");
    }

    @Test
    @Timeout(60)
    void a_script_reaches_neither_files_nor_programs_of_this_machine() throws SQLException {
        try (Scratch scratch = start();
                Connection connection = scratch.connect();
                Statement statement = connection.createStatement()) {
            for (String reach : List.of("COPY (SELECT 1) TO PROGRAM 'cat'", "SELECT pg_read_file('/etc/passwd')")) {
                assertThatThrownBy(() -> statement.execute(reach))
                        .isInstanceOf(SQLException.class)
                        .extracting(refused -> ((SQLException) refused).getSQLState())
                        .isEqualTo("42501");
            }
        }
    }

    @Test
    void programs_of_another_version_are_none() {
        Optional<Scratch> none = LocalServer.source(System.getenv()).open(OptionalInt.of(99), reasons::add);

        assertThat(none).isEmpty();
        assertThat(reasons).containsExactly("the programs of PostgreSQL 99 are not on this machine");
    }

    private Scratch start() {
        Map<String, String> environment = System.getenv();
        Optional<Scratch> scratch = LocalServer.source(environment).open(OptionalInt.empty(), reasons::add);
        assumeTrue(scratch.isPresent(), () -> "no PostgreSQL to start: " + reasons);
        return scratch.get();
    }

    private static String value(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
