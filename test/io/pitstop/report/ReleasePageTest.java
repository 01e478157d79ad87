package io.pitstop.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.error.DependencyFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of the release that {@link Told} tells. */
class ReleasePageTest {
    private final Told told = new Told();

    @TempDir
    Path folder;

    @Test
    void it_tells_who_did_what_and_when() throws IOException {
        told.shift(120, 50)
                .event(180, "switch-traffic", "rolled back", "{\"live\": \"blue\"}")
                .approved("approved by eve at 2026-01-01T10:01:00.123Z")
                .fact(5, "expanded");

        assertThat(page())
                .contains("<h1>blog 2.4.0</h1>", "from 2.3.1, on green")
                .contains("<td>2026-01-01 10:02:00</td><td>shift ordered</td><td>percent: 50</td>")
                .contains("<td>ann in build-7 on node-1</td>")
                .contains("<td>switch-traffic</td><td>approved by eve at 2026-01-01 10:01:00</td><td>4fe2</td>")
                .contains("<pre>pitstop deploy-green --release blog-2.4.0-1</pre>");
    }

    @Test
    void each_step_shows_what_its_last_run_rests_on_before_its_log() throws IOException {
        told.event(10, "switch-traffic", "switching", "{}")
                .event(20, "switch-traffic", "gate failed", "{\"verdicts\": [\"http: 503\"]}")
                .event(30, "switch-traffic", "switching", "{}")
                .event(40, "switch-traffic", "baked", "{\"split\": \"green 5 %\", \"verdicts\": [\"http: 200\"]}")
                .event(50, "switch-traffic", "switched", "{\"live\": \"green\"}")
                .fact(50, "switched");

        assertThat(page())
                .contains("<h3>switch-traffic</h3>\n<p class=\"state good\">✓ done</p>", "run 2 times")
                .contains("<li>baked at green 5 %: http: 200</li>", "<li>switched: live: green</li>")
                .doesNotContain("<li>gate failed")
                .contains("<td>gate failed</td><td>verdicts: http: 503</td>");
    }

    @Test
    void a_step_that_failed_shows_why_and_what_to_do_next() throws IOException {
        told.event(10, "deploy-green", "deploying", "{}")
                .event(
                        20,
                        "deploy-green",
                        "failed",
                        "{\"of\": \"deploy-green\", \"problem\": \"No <credentials>.\", \"hint\": \"Log in.\", \"exit\": 5}");

        assertThat(page())
                .contains(
                        "✗ Failed at deploy-green.</p>\n<p class=\"why\">deploy-green failed: No &lt;credentials&gt;.</p>")
                .contains("<p class=\"state bad\">✗ failed</p>")
                .contains("<p class=\"why\">No &lt;credentials&gt;.</p>\n<p>Next: Log in.</p>")
                .doesNotContain("<li>failed: No");
        assertThat(Files.readString(folder.resolve("page/timeline.svg"))).contains("deploy-green ✗");
    }

    @Test
    void what_was_said_when_it_happened_is_not_said_again() throws IOException {
        told.event(10, "migrate-expand", "expanding", "{}")
                .event(15, "migrate-expand", "migration failed", "{\"phase\": \"expand\", \"problem\": \"No table.\"}")
                .event(20, "migrate-expand", "failed", "{\"problem\": \"No table.\", \"hint\": \"Mend it.\"}");

        assertThat(page()).contains("<p class=\"why\">No table.</p>").doesNotContain("<li>migration failed: No table");
    }

    @Test
    void a_step_that_was_refused_does_not_make_a_bad_release() throws IOException {
        told.fact(5, "switched")
                .event(10, "contract", "contracting", "{}")
                .event(20, "contract", "refused", "{\"problem\": \"2 sessions.\", \"hint\": \"End them.\"}");

        assertThat(page())
                .contains("<p class=\"state good\">✓ Switched")
                .contains("<p class=\"why\">contract refused: 2 sessions.</p>\n<p>Next: End them.</p>")
                .contains("<p class=\"state open\">! refused</p>");
    }

    @Test
    void notes_that_it_does_not_know_are_shown_as_they_are() throws IOException {
        told.event(10, "compare", "values compared", "{\"rows\": 7, \"tables\": [{\"posts\": 3}, {\"tags\": 4}]}");

        assertThat(page())
                .contains("<h3>compare</h3>")
                .contains("<td>values compared</td><td>rows: 7\ntables: posts 3\ntables: tags 4</td>");
    }

    @Test
    void long_particulars_are_cut_and_those_for_programs_are_left_out() throws IOException {
        told.event(
                10,
                "backfill",
                "noted",
                "{\"text\": \"" + "x".repeat(1_005) + "\", \"gates\": [\"secret of a gate\"]}");

        assertThat(page()).contains("x… (5 more characters)").doesNotContain("secret of a gate");
    }

    @Test
    void before_contract_users_can_be_put_back_by_one_command() throws IOException {
        told.fact(50, "switched");

        assertThat(page())
                .contains("<pre>pitstop rollback --release blog-2.4.0-1</pre>")
                .contains("<pre>pitstop rollback --release blog-2.4.0-1 --abandon</pre>")
                .contains("<pre>pitstop rollback --without-journal --to blue</pre>")
                .doesNotContain("pitstop restore");
    }

    @Test
    void after_contract_there_is_only_restore_and_the_page_says_what_is_kept() throws IOException {
        told.fact(60, "contracted").finished(60).archived("public.posts (author_name)", 200_000);

        assertThat(page())
                .contains("✓ Complete: 2.4.0 is live on green.")
                .contains("<pre>pitstop restore --release blog-2.4.0-1</pre>")
                .doesNotContain("pitstop rollback --release")
                .contains("<td>public.posts (author_name)</td><td>V1__drop.sql</td><td>200,000</td><td>2.0 MB</td>");
    }

    @Test
    void the_commands_name_the_configuration_as_a_shell_takes_it() throws IOException {
        new ReleasePage(told.account(), Optional.of("it's/pitstop.yml")).write(folder.resolve("page"));

        assertThat(Files.readString(folder.resolve("page/index.html")))
                .contains("pitstop rollback --release blog-2.4.0-1 --config 'it'\\''s/pitstop.yml'");
    }

    @Test
    void the_findings_of_check_are_listed_once() throws IOException {
        told.event(1, "migrate-expand", "expanding", "{\"warnings\": [\"V2.sql:1: warning x\"]}")
                .event(2, "migrate-expand", "expanding", "{\"warnings\": [\"V2.sql:1: warning x\"]}");

        assertThat(page().split("<li>expanding: V2.sql:1: warning x</li>", -1)).hasSize(2);
    }

    @Test
    void what_could_not_be_read_is_said() throws IOException {
        told.unanswered("The archive cannot be read: no permission.");

        assertThat(page()).contains("The archive cannot be read: no permission.");
    }

    @Test
    void figures_that_nobody_noted_are_said_to_be_unknown() throws IOException {
        told.script(5, "V2__authors.sql");

        assertThat(page())
                .contains("How users fared is not known")
                .contains("<td>V2__authors.sql</td><td>12 ms</td><td>not noted</td><td>not noted</td>");
    }

    @Test
    void what_came_from_outside_cannot_become_markup() throws IOException {
        told.event(1, "<script>alert(1)</script>", "<i>", "{\"a\": \"\\\"><b>&\"}");

        assertThat(page())
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "a: &quot;&gt;&lt;b&gt;&amp;")
                .doesNotContain("<script", "<b>", "<i>");
    }

    /** Jenkins serves published pages with {@code default-src 'none'; img-src 'self'; style-src 'self'}. */
    @Test
    void it_needs_neither_script_nor_inline_style() throws IOException {
        told.shift(150, 50);
        StringBuilder all = new StringBuilder(page());
        for (String picture : List.of("timeline", "timeline-dark", "timeline-narrow", "timeline-narrow-dark")) {
            all.append(Files.readString(folder.resolve("page/" + picture + ".svg")));
        }

        assertThat(all.toString())
                .doesNotContainIgnoringCase("<script")
                .doesNotContain("style=\"", "<style", "javascript:")
                .doesNotContainPattern("\\son[a-z]+=");
        assertThat(folder.resolve("page/style.css")).isNotEmptyFile();
    }

    @Test
    void a_folder_that_cannot_be_written_is_named() throws IOException {
        Files.writeString(folder.resolve("page"), "in the way");

        assertThatThrownBy(this::page)
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining(folder.resolve("page").toString());
    }

    private String page() throws IOException {
        new ReleasePage(told.account(), Optional.empty()).write(folder.resolve("page"));
        return Files.readString(folder.resolve("page/index.html"));
    }
}
