package io.pitstop.check.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.check.finding.Finding;
import io.pitstop.check.finding.Findings;
import io.pitstop.check.finding.Judge;
import io.pitstop.check.finding.Severity;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** Two scripts: one with an error that quotes odd letters, one with a warning. */
class JUnitReportTest {
    private static final Path BAD = Path.of("db/V2__bad.sql");
    private static final Path ODD = Path.of("db/V3__odd.sql");
    private static final Findings FINDINGS = new Findings(
            List.of(
                    new Finding(Judge.RULES, "a", Severity.ERROR, BAD, 3, "SELECT '<\u0001>'", "Hurts & stays.", "x"),
                    new Finding(Judge.RULES, "b", Severity.WARNING, ODD, 1, "", "Odd.", "y")),
            List.of(BAD, ODD));

    @Test
    void a_script_with_an_error_is_a_test_that_failed() throws Exception {
        Element suite = suite();

        assertThat(suite.getAttribute("tests")).isEqualTo("2");
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        Element failure = (Element) suite.getElementsByTagName("failure").item(0);
        assertThat(failure.getAttribute("type")).isEqualTo("a");
        assertThat(failure.getAttribute("message")).isEqualTo("Hurts & stays.");
        assertThat(failure.getTextContent()).contains("db/V2__bad.sql:3", "SELECT '<\uFFFD>'", "Instead:\nx");
    }

    @Test
    void a_warning_fails_nothing_but_is_there_to_read() throws Exception {
        Element odd = (Element) suite().getElementsByTagName("testcase").item(1);

        assertThat(odd.getAttribute("name")).isEqualTo("db/V3__odd.sql");
        assertThat(odd.getElementsByTagName("failure").getLength()).isZero();
        assertThat(odd.getElementsByTagName("system-out").item(0).getTextContent())
                .contains("Odd.");
    }

    private static Element suite() throws Exception {
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(JUnitReport.text(FINDINGS))))
                .getDocumentElement();
    }
}
