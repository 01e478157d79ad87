package io.pitstop.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.error.DependencyFailed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** A report of one check that passed and one that failed, with all that XML dislikes in its text. */
class JUnitReportTest {
    private static final SmokeReport REPORT = new SmokeReport(List.of(
            new CheckResult("GET /health", true, "status 200 in 12 ms", Duration.ofMillis(12)),
            new CheckResult(
                    "command test \"a\" < b & c",
                    false,
                    "exit code 1\n]]> <b> & \u001B[31mred\u001B[0m \uD83D\uDE80 \uD800",
                    Duration.ofMillis(1_500))));

    @TempDir
    Path folder;

    @Test
    void what_was_written_can_be_parsed_and_says_the_same() throws Exception {
        Path file = folder.resolve("reports/smoke.xml");

        JUnitReport.write(REPORT, file);

        Element suite = parsed(file);
        assertThat(suite.getTagName()).isEqualTo("testsuite");
        assertThat(suite.getAttribute("tests")).isEqualTo("2");
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(suite.getAttribute("errors")).isEqualTo("0");
        assertThat(suite.getAttribute("skipped")).isEqualTo("0");
        assertThat(suite.getAttribute("time")).isEqualTo("1.512");
        Element passed = (Element) suite.getElementsByTagName("testcase").item(0);
        assertThat(passed.getAttribute("name")).isEqualTo("GET /health");
        assertThat(passed.getAttribute("classname")).isEqualTo("pitstop.smoke");
        assertThat(passed.getAttribute("time")).isEqualTo("0.012");
        assertThat(passed.getElementsByTagName("failure").getLength()).isZero();
        assertThat(passed.getTextContent()).isEqualTo("status 200 in 12 ms");
        Element failed = (Element) suite.getElementsByTagName("testcase").item(1);
        assertThat(failed.getAttribute("name")).isEqualTo("command test \"a\" < b & c");
        Element failure = (Element) failed.getElementsByTagName("failure").item(0);
        assertThat(failure.getAttribute("message")).isEqualTo("exit code 1");
        assertThat(failure.getTextContent())
                .isEqualTo("exit code 1\n]]> <b> & \uFFFD[31mred\uFFFD[0m \uD83D\uDE80 \uFFFD");
    }

    @Test
    void an_older_report_is_replaced_and_nothing_else_is_left() throws Exception {
        Path file = folder.resolve("smoke.xml");
        JUnitReport.write(REPORT, file);

        JUnitReport.write(new SmokeReport(List.of()), file);

        assertThat(parsed(file).getAttribute("tests")).isEqualTo("0");
        assertThat(folder.toFile().list()).containsExactly("smoke.xml");
    }

    @Test
    void a_report_that_cannot_be_written_is_told() throws Exception {
        Path file = Files.createFile(folder.resolve("taken")).resolve("smoke.xml");

        assertThatThrownBy(() -> JUnitReport.write(REPORT, file))
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining(file.toString());
    }

    private static Element parsed(Path file) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(file.toFile())
                .getDocumentElement();
    }
}
