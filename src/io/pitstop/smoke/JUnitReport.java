package io.pitstop.smoke;

import io.pitstop.error.DependencyFailed;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** A smoke report as JUnit XML, in the form that Maven Surefire writes and Jenkins reads. */
public final class JUnitReport {
    private static final String SUITE = "pitstop.smoke";

    private JUnitReport() {}

    /**
     * Writes the report, whole or not at all: a reader never sees half of it.
     *
     * @throws DependencyFailed if the file cannot be written
     */
    public static void write(SmokeReport report, Path file) {
        Path folder = file.toAbsolutePath().getParent();
        Path unfinished = folder.resolve("." + file.getFileName() + ".unfinished");
        try {
            Files.createDirectories(folder);
            try (OutputStream out = Files.newOutputStream(unfinished)) {
                write(report, out);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | XMLStreamException e) {
            throw new DependencyFailed(
                    "Cannot write the JUnit report " + file + ": " + e.getMessage() + ".",
                    "Make the folder writable, or name another file.",
                    e);
        }
    }

    private static void write(SmokeReport report, OutputStream out) throws XMLStreamException {
        XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, "UTF-8");
        xml.writeStartDocument("UTF-8", "1.0");
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", SUITE);
        xml.writeAttribute(
                "time",
                seconds(report.results().stream().map(CheckResult::took).reduce(Duration.ZERO, Duration::plus)));
        xml.writeAttribute("tests", Integer.toString(report.results().size()));
        xml.writeAttribute("errors", "0");
        xml.writeAttribute("skipped", "0");
        xml.writeAttribute("failures", Integer.toString(report.failed().size()));
        for (CheckResult result : report.results()) {
            write(result, xml);
        }
        xml.writeEndElement();
        xml.writeEndDocument();
        xml.close();
    }

    private static void write(CheckResult result, XMLStreamWriter xml) throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("name", printable(result.name()));
        xml.writeAttribute("classname", SUITE);
        xml.writeAttribute("time", seconds(result.took()));
        if (!result.passed()) {
            xml.writeStartElement("failure");
            xml.writeAttribute(
                    "message", printable(result.detail().lines().findFirst().orElse("")));
            xml.writeAttribute("type", "CheckFailed");
        } else {
            xml.writeStartElement("system-out");
        }
        xml.writeCharacters(printable(result.detail()));
        xml.writeEndElement();
        xml.writeEndElement();
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.3f", time.toMillis() / 1_000.0);
    }

    /** Replaces what no XML document may hold, escaped or not, such as the colours of a terminal. */
    private static String printable(String text) {
        return text.codePoints()
                .map(c ->
                        c == '\t' || c == '\n' || c >= 0x20 && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000
                                ? c
                                : 0xFFFD)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
