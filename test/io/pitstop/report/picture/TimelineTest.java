package io.pitstop.report.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pitstop.report.Told;
import io.pitstop.report.story.Story;
import java.io.StringReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class TimelineTest {
    private final Told told = new Told();

    @Test
    void the_split_follows_the_orders() throws Exception {
        told.shift(150, 50).shift(300, 100).event(450, "switch-traffic", "rolled back", "{}");

        // 600 s are 988 units wide from 44 on, 100 % are 80 high.
        assertThat(paths("stroke", Ink.LIGHT.green()).get(0))
                .matches("M44 (\\S+) H291 V\\S+ H538 V\\S+ H785 V\\1 H1032");
        assertThat(new Timeline(story()).inWords())
                .contains("Users of green: 0 %, 50 % from 10:02:30, 100 % from 10:05:00, 0 % from 10:07:30.");
    }

    @Test
    void shares_are_labelled_unless_they_would_write_over_one_another() throws Exception {
        told.shift(150, 50).shift(152, 60).shift(300, 75);

        assertThat(texts()).contains("60 %", "75 %").doesNotContain("50 %");
    }

    @Test
    void a_release_that_moved_nobody_says_so() {
        assertThat(new Timeline(story()).inWords()).contains("No user was moved: blue has all of them.");
    }

    @Test
    void lanes_without_anything_to_draw_say_why() throws Exception {
        assertThat(texts())
                .contains(
                        "no step has run yet",
                        "the router gave no latencies while steps ran",
                        "the router gave no figures while steps ran",
                        "no rows had to be filled");
    }

    @Test
    void failed_requests_are_drawn_and_counted() throws Exception {
        told.event(
                10,
                "backfill",
                "user figures",
                """
                {"samples": [{"colour": "blue", "from": "2026-01-01T10:01:00Z", "until": "2026-01-01T10:02:00Z",
                  "requests": 200, "failed": 3, "p50": 2.5, "p99": 12}]}
                """);

        assertThat(new Timeline(story()).inWords())
                .contains("3 of 200 requests failed", "The highest p99 of blue was 12.0 ms. No figures of green.");
        assertThat(boxes(Ink.LIGHT.bad())).hasSize(1);
    }

    @Test
    void hours_in_which_nothing_happened_are_folded() {
        told.event(10, "switch-traffic", "switching", "{}")
                .event(70, "switch-traffic", "switched", "{}")
                .event(86_400, "contract", "contracting", "{}")
                .event(86_460, "contract", "contracted", "{}")
                .finished(86_460);
        Axis axis = Axis.of(story(), 0, 1_000);

        assertThat(axis.pieces()).filteredOn(Axis.Piece::folded).hasSize(1);
        assertThat(axis.x(at(70)) - axis.x(at(10))).isGreaterThan(300);
        assertThat(axis.x(at(86_460)) - axis.x(at(86_400))).isGreaterThan(300);
        assertThat(axis.x(at(86_460))).isEqualTo(1_000);
    }

    @Test
    void a_step_that_takes_hours_without_a_word_is_not_folded() {
        told.event(0, "deploy-green", "deploying", "{}")
                .event(36_000, "deploy-green", "deployed", "{}")
                .readAt(36_100);
        Axis axis = Axis.of(story(), 0, 1_000);

        assertThat(axis.pieces()).noneMatch(Axis.Piece::folded);
        assertThat(axis.x(at(18_050))).isCloseTo(500, within(0.1));
    }

    @Test
    void what_lies_outside_of_the_release_is_drawn_at_its_edge() {
        Axis axis = Axis.of(story(), 10, 1_000);

        assertThat(axis.x(at(-60))).isEqualTo(10);
        assertThat(axis.x(at(6_000))).isEqualTo(1_000);
    }

    private Story story() {
        return Story.of(told.account());
    }

    private static Instant at(long second) {
        return Told.OPENED.plusSeconds(second);
    }

    private List<String> texts() throws Exception {
        List<String> texts = new ArrayList<>();
        elements("text").forEach(text -> texts.add(text.getTextContent()));
        return texts;
    }

    private List<String> paths(String attribute, String value) throws Exception {
        List<String> paths = new ArrayList<>();
        elements("path").stream()
                .filter(path -> path.getAttribute(attribute).equals(value))
                .forEach(path -> paths.add(path.getAttribute("d")));
        return paths;
    }

    private List<Element> boxes(String fill) throws Exception {
        return elements("rect").stream()
                .filter(box -> box.getAttribute("fill").equals(fill))
                .toList();
    }

    private List<Element> elements(String name) throws Exception {
        NodeList nodes = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(
                        new StringReader(new Timeline(story()).files().get("timeline.svg"))))
                .getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }
}
