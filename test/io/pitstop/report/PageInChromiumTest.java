package io.pitstop.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pitstop.step.Chronicle;
import io.pitstop.step.PlayedReleases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The pages of a complete, a rolled-back, a failed and a half-done release in a real browser, served as Jenkins serves
 * them. Skipped where there is no Chromium.
 */
class PageInChromiumTest {
    private static final Path PICTURES = Path.of("target", "report-pictures");

    @TempDir
    static Path folder;

    private static Chromium chromium;
    private static JenkinsServer jenkins;

    @BeforeAll
    static void pages_are_written_and_served() throws IOException, InterruptedException {
        Optional<Path> program = Chromium.program();
        Assumptions.assumeTrue(program.isPresent(), "chromium is not on the PATH: pages are not looked at");
        Map<String, Function<PlayedReleases, Chronicle.Account>> ends = new TreeMap<>(Map.of(
                "complete", PlayedReleases::complete,
                "rolled-back", PlayedReleases::rolledBack,
                "failed", PlayedReleases::failed,
                "half-done", PlayedReleases::halfDone));
        ends.forEach((name, end) -> {
            Chronicle.Account account = end.apply(new PlayedReleases(folder.resolve("sql-" + name)));
            new ReleasePage(account, Optional.empty()).write(folder.resolve("site/" + name));
        });
        jenkins = JenkinsServer.over(folder.resolve("site"));
        chromium = Chromium.start(program.get(), Files.createDirectories(folder.resolve("profile")));
        Files.createDirectories(PICTURES);
    }

    @AfterAll
    static void all_is_stopped() {
        if (chromium != null) {
            chromium.close();
        }
        if (jenkins != null) {
            jenkins.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "complete, 360, light", "complete, 360, dark", "complete, 1280, light", "complete, 1280, dark",
        "rolled-back, 360, light", "rolled-back, 360, dark", "rolled-back, 1280, light", "rolled-back, 1280, dark",
        "failed, 360, light", "failed, 360, dark", "failed, 1280, light", "failed, 1280, dark",
        "half-done, 360, light", "half-done, 360, dark", "half-done, 1280, light", "half-done, 1280, dark"
    })
    void a_page_fits_its_screen_and_shows_its_picture(String release, int width, String theme) throws IOException {
        open(release, width, theme.equals("dark"));

        assertThat(chromium.complaints()).isEmpty();
        assertThat(chromium.ask("document.documentElement.scrollWidth").asInt()).isLessThanOrEqualTo(width);
        assertThat(chromium.ask("Math.min(...[...document.images].map(image => image.naturalWidth))")
                        .asInt())
                .isPositive();
        assertThat(chromium.ask("document.images[0].currentSrc").asText())
                .endsWith(
                        "/timeline" + (width < 600 ? "-narrow" : "") + (theme.equals("dark") ? "-dark" : "") + ".svg");
        Files.write(PICTURES.resolve(release + "-" + width + "-" + theme + ".png"), chromium.picture());
    }

    @ParameterizedTest
    @CsvSource({"complete, light", "complete, dark", "failed, light", "failed, dark", "half-done, dark"})
    void every_text_stands_out_from_its_background(String release, String theme) {
        open(release, 1280, theme.equals("dark"));

        JsonNode faint = chromium.ask(CONTRAST);

        assertThat(faint.isArray()).isTrue();
        assertThat(faint).isEmpty();
    }

    @Test
    void a_page_can_be_walked_by_ear_and_by_keys() {
        open("complete", 1280, false);

        assertThat(chromium.ask("document.documentElement.lang").asText()).isEqualTo("en");
        assertThat(chromium.ask("document.images[0].alt").asText()).contains("Users of green: 0 %", "Steps: ");
        assertThat(chromium.ask("document.querySelectorAll('h1').length").asInt())
                .isEqualTo(1);
        assertThat(chromium.ask("[...document.querySelectorAll('nav a')].every(a => document.querySelector(a.hash))")
                        .asBoolean())
                .isTrue();
        assertThat(chromium.ask("[...document.querySelectorAll('th')].every(th => th.scope)")
                        .asBoolean())
                .isTrue();
        assertThat(chromium.ask("[...document.querySelectorAll('.wide')].every(part => part.tabIndex == 0)")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void on_paper_everything_is_unfolded_and_light() {
        open("complete", 800, true);
        chromium.media("print", false);

        assertThat(chromium.ask("getComputedStyle(document.body).backgroundColor")
                        .asText())
                .isEqualTo("rgb(255, 255, 255)");
        assertThat(chromium.ask("document.querySelectorAll('details table').length")
                        .asInt())
                .isPositive();
        assertThat(chromium.ask(
                                "[...document.querySelectorAll('details table')].every(table => table.checkVisibility())")
                        .asBoolean())
                .isTrue();
    }

    /** Texts whose contrast to what is behind them is below 4.5 (WCAG 2.1, 1.4.3). */
    private static final String CONTRAST =
            """
            (() => {
              const channels = colour => colour.match(/[\\d.]+/g).map(Number);
              const light = colour => channels(colour).slice(0, 3).map(value => value / 255)
                  .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
                  .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
              const behind = element => {
                for (let e = element; e; e = e.parentElement) {
                  const paint = getComputedStyle(e).backgroundColor;
                  if ((channels(paint)[3] ?? 1) > 0) return paint;
                }
                return 'rgb(255, 255, 255)';
              };
              return [...document.body.querySelectorAll('*')]
                  .filter(e => [...e.childNodes].some(node => node.nodeType == 3 && node.textContent.trim()))
                  .map(e => [e, light(getComputedStyle(e).color), light(behind(e))])
                  .filter(([, text, paper]) => (Math.max(text, paper) + 0.05) / (Math.min(text, paper) + 0.05) < 4.5)
                  .map(([e]) => e.tagName + ' ' + e.textContent.slice(0, 40));
            })()
            """;

    private static void open(String release, int width, boolean dark) {
        chromium.screen(width, dark);
        chromium.open(jenkins.page(release + "/index.html"));
    }
}
