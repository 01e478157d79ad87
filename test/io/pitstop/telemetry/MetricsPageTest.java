package io.pitstop.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.metrics.Meter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** docs/metrics.md lists what there is. */
class MetricsPageTest {
    private static final Path PAGE = Path.of("docs/metrics.md");
    private static final String BEGIN =
            "<!-- Written by `mvn test -Dtest=MetricsPageTest -Dpitstop.pages=write`. -->\n";

    @Test
    void the_page_has_every_figure() throws IOException {
        String page = Files.readString(PAGE);
        String expected = page.substring(0, page.indexOf(BEGIN) + BEGIN.length()) + table();
        if ("write".equals(System.getProperty("pitstop.pages"))) {
            Files.writeString(PAGE, expected);
            return;
        }

        assertThat(page).isEqualTo(expected);
    }

    private static String table() {
        StringBuilder table = new StringBuilder(
                "| figure | in Prometheus | kind | labels | what it is |\n| --- | --- | --- | --- | --- |\n");
        for (Meter meter : Meter.values()) {
            table.append("| `")
                    .append(meter.id())
                    .append("` | `")
                    .append(meter.prometheusName())
                    .append(meter.kind() == Meter.Kind.TIMER ? "_count`, `_sum`, `_max" : "")
                    .append("` | ")
                    .append(meter.kind().name().toLowerCase(Locale.ROOT))
                    .append(" | ")
                    .append(meter.labels().isEmpty() ? "" : "`" + String.join("`, `", meter.labels()) + "`")
                    .append(" | ")
                    .append(meter.help())
                    .append(" |\n");
        }
        return table.toString();
    }
}
