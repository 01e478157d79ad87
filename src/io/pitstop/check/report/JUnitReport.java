package io.pitstop.check.report;

import io.pitstop.check.finding.Finding;
import io.pitstop.check.finding.Findings;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Findings as JUnit XML: a script is a test, which fails if there is an error in it. */
public final class JUnitReport {
    private static final String SUITE = "pitstop.check";

    private JUnitReport() {}

    /**
     * Writes the report, whole or not at all.
     *
     * @throws io.pitstop.error.DependencyFailed if the file cannot be written
     */
    public static void write(Findings findings, Path file) {
        ReportFile.write(file, text(findings));
    }

    static String text(Findings findings) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            long failures =
                    findings.errors().stream().map(Finding::file).distinct().count();
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", SUITE);
            xml.writeAttribute("time", "0");
            xml.writeAttribute("tests", "" + findings.judged().size());
            xml.writeAttribute("errors", "0");
            xml.writeAttribute("skipped", "0");
            xml.writeAttribute("failures", "" + failures);
            for (Path script : findings.judged()) {
                write(script, findings, xml);
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("XML into memory fails", e);
        }
        return text.toString();
    }

    private static void write(Path script, Findings findings, XMLStreamWriter xml) throws XMLStreamException {
        List<Finding> mine = findings.all().stream()
                .filter(finding -> finding.file().equals(script))
                .toList();
        List<Finding> errors = mine.stream().filter(Finding::isError).toList();
        xml.writeStartElement("testcase");
        xml.writeAttribute("name", printable(script.toString()));
        xml.writeAttribute("classname", SUITE);
        xml.writeAttribute("time", "0");
        if (!errors.isEmpty()) {
            xml.writeStartElement("failure");
            xml.writeAttribute("message", printable(errors.get(0).why()));
            xml.writeAttribute("type", errors.get(0).rule());
        } else {
            xml.writeStartElement("system-out");
        }
        for (Finding finding : mine) {
            xml.writeCharacters(
                    printable(finding + "\n" + finding.statement() + "\nInstead:\n" + finding.instead() + "\n\n"));
        }
        xml.writeEndElement();
        xml.writeEndElement();
    }

    /** Replaces what no XML document may hold, escaped or not. */
    private static String printable(String text) {
        return text.replaceAll("[^\\t\\n\\x20-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]", "\uFFFD");
    }
}
