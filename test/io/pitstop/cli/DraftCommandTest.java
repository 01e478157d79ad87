package io.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** A repository that holds version 1 of the demo's blog, and no database. */
class DraftCommandTest {
    private static final Path DEMO = Path.of("resources/demo/db");
    private static final Pattern COMMAND = Pattern.compile("(?s)```sh\npitstop (draft .*?)\n```");
    private static final Pattern FILE = Pattern.compile("(?s)`(db/\\S+\\.sql)`\n\n```sql\n(.*?\n)```");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();

    @BeforeEach
    void version1() throws IOException {
        Files.writeString(folder.resolve("pitstop.yml"), "application: blog\n");
        Files.createDirectories(folder.resolve("db/migration"));
        Files.copy(DEMO.resolve("migration/V1__posts.sql"), folder.resolve("db/migration/V1__posts.sql"));
    }

    @Test
    void the_commands_of_the_documentation_write_the_files_that_it_shows() throws IOException {
        String page = Files.readString(Path.of("docs/expand-contract.md"));
        for (String command : commands(page)) {
            assertThat(run(command)).isZero();
        }

        Matcher shown = FILE.matcher(page);
        int files = 0;
        while (shown.find()) {
            assertThat(folder.resolve(shown.group(1))).hasContent(shown.group(2));
            files++;
        }
        assertThat(files).isGreaterThan(8);
        assertThat(page)
                .contains(out.toString()
                        .replace(folder + "/", "")
                        .lines()
                        .findFirst()
                        .orElseThrow());
    }

    @Test
    void the_demo_runs_what_is_drafted() throws IOException {
        assertThat(run(commands(Files.readString(Path.of("docs/expand-contract.md")))
                        .get(0)))
                .isZero();

        assertThat(files(DEMO)).isEqualTo(files(folder.resolve("db")));
    }

    @Test
    void a_second_draft_gets_the_next_version_and_no_file_is_written_over() throws IOException {
        String rename = "draft rename-column posts title headline --columns 'title text NOT NULL'";
        assertThat(run(rename)).isZero();
        assertThat(folder.resolve("db/migration/V2__headline.sql")).exists();
        Map<String, String> before = files(folder);

        assertThat(run(rename + " --version 2")).isEqualTo(3);
        assertThat(files(folder)).isEqualTo(before);
        assertThat(run(rename)).isZero();
        assertThat(folder.resolve("db/migration/V3__headline.sql")).exists();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rename-column users name title",
                "split-column users name --into first,last",
                "merge-columns users name nick --into both",
                "change-type users points bigint --into score",
                "add-not-null users name --fill ''''",
                "add-unique users name nick",
                "add-foreign-key users points --references teams",
                "drop-column users nick",
                "extract-table users --move nick=nick --by nick --into nicks --reference nick_id",
                "move-column users nick --to profiles --link user_id --other-columns 'id bigint, user_id bigint'",
                "rename-table users people",
                "drop-table app.users"
            })
    void each_change_has_a_command(String change) throws IOException {
        int exitCode =
                run("draft " + change + " --columns 'id bigint NOT NULL, name text, nick varchar(20), points int'");

        assertThat(exitCode).as(out.toString()).isZero();
        assertThat(out.toString()).contains("files are drafted");
    }

    @Test
    void a_column_that_is_not_there_is_named() {
        assertThat(run("draft rename-column posts subject headline --columns 'title text'"))
                .isEqualTo(2);
        assertThat(out.toString()).contains("has no column subject");
    }

    private int run(String command) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(command.replace("''''", "\"''\""));
        while (word.find()) {
            words.add(word.group(1) != null ? word.group(1) : word.group(2).replace("\"", ""));
        }
        words.addAll(List.of("--config", folder.resolve("pitstop.yml").toString()));
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        int exitCode = line.execute(words.toArray(String[]::new));
        line.getOut().flush();
        line.getErr().flush();
        return exitCode;
    }

    private static List<String> commands(String page) {
        return COMMAND.matcher(page).results().map(found -> found.group(1)).toList();
    }

    private static Map<String, String> files(Path root) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(root.relativize(file).toString(), Files.readString(file));
            }
        }
        return files;
    }
}
