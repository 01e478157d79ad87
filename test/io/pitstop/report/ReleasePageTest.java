package io.pitstop.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.error.DependencyFailed;
import io.pitstop.release.Colour;
import io.pitstop.release.Event;
import io.pitstop.step.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The page of a release that was opened at 10:00, switched by 50 and 100 per cent, and rolled back. */
class ReleasePageTest {
    private static final Instant OPENED = Instant.parse("2026-01-01T10:00:00Z");

    @TempDir
    Path folder;

    @Test
    void it_tells_who_did_what_and_when() throws IOException {
        write(report(shift(120, 50), event(180, "rolled back", "{\"live\": \"blue\"}")));

        assertThat(page())
                .contains("<h1>blog 2.4.0</h1>", "from 2.3.1, on green")
                .contains("<td>2026-01-01T10:02:00Z</td><td>switch-traffic</td><td>shift ordered</td>")
                .contains("<td>percent: 50</td><td>ann on node-1</td><td>build-7</td>")
                .contains("<td>switch-traffic</td><td>approved by eve</td><td>4fe2</td>")
                .contains("<td>expanded</td><td>2026-01-01T10:00:05Z</td>")
                .contains("<td>deploy-green</td>");
    }

    @Test
    void the_chart_follows_the_orders_and_says_in_words_what_it_shows() throws Exception {
        write(report(shift(150, 50), shift(300, 100), event(450, "rolled back", "{}")));

        // 600 s are 736 units wide, 100 % are 112 high.
        assertThat(line()).isEqualTo("M48 128 H232 V72 H416 V16 H600 V128 H784");
        assertThat(page())
                .contains("<img src=\"traffic.svg\"")
                .contains("0 %, 50 % from 10:02:30, 100 % from 10:05:00, 0 % from 10:07:30.");
    }

    @Test
    void orders_are_labelled_unless_they_would_write_over_one_another() throws IOException {
        write(report(shift(150, 50), shift(152, 60), shift(300, 75)));

        assertThat(Files.readString(folder.resolve("page/traffic.svg")))
                .containsPattern("x=\"235\"[^>]*>50 %<")
                .contains(">75 %<")
                .doesNotContain(">60 %<");
    }

    @Test
    void a_release_that_moved_nobody_has_no_chart() throws IOException {
        write(report());

        assertThat(page()).doesNotContain("<img", "Traffic of the new version");
    }

    @Test
    void what_came_from_outside_cannot_become_markup() throws IOException {
        write(report(event(1, "<script>alert(1)</script>", "{\"a\": \"\\\"><b>&\"}")));

        assertThat(page())
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "a: &quot;&gt;&lt;b&gt;&amp;")
                .doesNotContain("<script", "<b>");
    }

    /** Jenkins serves published pages with {@code default-src 'none'; img-src 'self'; style-src 'self'}. */
    @Test
    void it_needs_neither_script_nor_inline_style() throws IOException {
        write(report(shift(150, 50)));

        assertThat(page() + Files.readString(folder.resolve("page/traffic.svg")))
                .doesNotContainIgnoringCase("<script")
                .doesNotContain("style=\"", "<style", "javascript:")
                .doesNotContainPattern("\\son[a-z]+=");
        assertThat(folder.resolve("page/style.css")).isNotEmptyFile();
    }

    @Test
    void a_folder_that_cannot_be_written_is_named() throws IOException {
        Files.writeString(folder.resolve("page"), "in the way");

        assertThatThrownBy(() -> write(report()))
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining(folder.resolve("page").toString());
    }

    private static Event shift(int second, int percent) {
        return event(second, "shift ordered", "{\"percent\": " + percent + "}");
    }

    private static Event event(int second, String event, String detail) {
        return new Event(OPENED.plusSeconds(second), "switch-traffic", event, "ann", "build-7", "node-1", detail);
    }

    private static Status.Report report(Event... events) {
        Status.Decided decided =
                new Status.Decided("switch-traffic", true, "eve", "build-7", OPENED, "4fe2", "approved by eve");
        return new Status.Report(
                "blog-2.4.0-1",
                "blog 2.4.0 is under way.",
                "blog",
                "2.4.0",
                "2.3.1",
                Colour.GREEN,
                OPENED,
                Optional.empty(),
                Map.of("expanded", OPENED.plusSeconds(5)),
                List.of(decided),
                List.of("blue 100 %, green 0 %"),
                Optional.empty(),
                List.of(),
                List.of("deploy-green"),
                Optional.empty(),
                Optional.empty(),
                List.of(events));
    }

    private void write(Status.Report report) {
        new ReleasePage(report, OPENED.plusSeconds(600)).write(folder.resolve("page"));
    }

    private String page() throws IOException {
        return Files.readString(folder.resolve("page/index.html"));
    }

    private String line() throws Exception {
        NodeList paths = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve("page/traffic.svg").toFile())
                .getElementsByTagName("path");
        for (int i = 0; i < paths.getLength(); i++) {
            Element path = (Element) paths.item(i);
            if (path.getAttribute("stroke").equals("#2e7d32")) {
                return path.getAttribute("d");
            }
        }
        throw new AssertionError("there is no line");
    }
}
