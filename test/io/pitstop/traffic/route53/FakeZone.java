package io.pitstop.traffic.route53;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** The records of a hosted zone; strict about changes as Route 53 is: all of a batch or none. */
final class FakeZone {
    private static final int PAGE = 2;

    private List<Element> records = new ArrayList<>();

    /** @param children of the record set, in the order of the API */
    synchronized void add(String children) {
        records.add(parsed("<ResourceRecordSet>" + children + "</ResourceRecordSet>"));
        records.sort(Comparator.comparing(FakeZone::key));
    }

    synchronized void remove(String identifier) {
        records.removeIf(record -> text(record, "SetIdentifier").equals(identifier));
    }

    static String values(String... values) {
        StringBuilder all = new StringBuilder();
        for (String value : values) {
            all.append("<ResourceRecord><Value>").append(value).append("</Value></ResourceRecord>");
        }
        return "<ResourceRecords>" + all + "</ResourceRecords>";
    }

    /** All of a record set but its weight. */
    synchronized String besideWeight(String identifier) {
        return records.stream()
                .filter(record -> text(record, "SetIdentifier").equals(identifier))
                .map(FakeZone::xml)
                .findFirst()
                .orElse("")
                .replaceAll("<Weight>\\d+</Weight>", "");
    }

    synchronized int weight(String identifier) {
        return records.stream()
                .filter(record -> text(record, "SetIdentifier").equals(identifier))
                .mapToInt(record -> Integer.parseInt(text(record, "Weight")))
                .findFirst()
                .orElseThrow();
    }

    /** Another writer's doing. */
    synchronized void weigh(String identifier, int weight) {
        for (Element record : records) {
            if (text(record, "SetIdentifier").equals(identifier)) {
                record.getElementsByTagName("Weight").item(0).setTextContent(Integer.toString(weight));
            }
        }
    }

    /** A page that begins where {@code query} says. */
    synchronized String page(String query) {
        String from = parameter(query, "name") + " " + parameter(query, "type") + " " + parameter(query, "identifier");
        List<Element> left = records.stream()
                .filter(record -> key(record).compareTo(from.strip()) >= 0)
                .toList();
        StringBuilder page = new StringBuilder("<ListResourceRecordSetsResponse><ResourceRecordSets>");
        left.stream().limit(PAGE).forEach(record -> page.append(xml(record)));
        page.append("</ResourceRecordSets><IsTruncated>")
                .append(left.size() > PAGE)
                .append("</IsTruncated>");
        if (left.size() > PAGE) {
            Element next = left.get(PAGE);
            page.append("<NextRecordName>").append(text(next, "Name")).append("</NextRecordName><NextRecordType>");
            page.append(text(next, "Type")).append("</NextRecordType>");
            if (!text(next, "SetIdentifier").isEmpty()) {
                page.append("<NextRecordIdentifier>").append(text(next, "SetIdentifier"));
                page.append("</NextRecordIdentifier>");
            }
        }
        return page.append("<MaxItems>2</MaxItems></ListResourceRecordSetsResponse>")
                .toString();
    }

    /** @return why nothing was changed; empty if all was */
    synchronized String change(String batch) {
        List<Element> changed = new ArrayList<>(records);
        NodeList changes = parsed(batch).getElementsByTagName("Change");
        for (int i = 0; i < changes.getLength(); i++) {
            Element change = (Element) changes.item(i);
            Element record =
                    (Element) change.getElementsByTagName("ResourceRecordSet").item(0);
            String refusal = apply(text(change, "Action"), record, changed);
            if (!refusal.isEmpty()) {
                return refusal;
            }
        }
        records = changed;
        records.sort(Comparator.comparing(FakeZone::key));
        return "";
    }

    private static String apply(String action, Element record, List<Element> records) {
        String named = "resource record set [name='" + text(record, "Name") + "', type='" + text(record, "Type")
                + "', set identifier='" + text(record, "SetIdentifier") + "']";
        if (!text(record, "Weight").matches("(1?\\d?\\d|2[0-4]\\d|25[0-5])")) {
            return "Invalid weight of " + named;
        }
        List<Element> same =
                records.stream().filter(other -> key(other).equals(key(record))).toList();
        switch (action) {
            case "DELETE" -> {
                if (same.isEmpty()) {
                    return "Tried to delete " + named + " but it was not found";
                }
                if (!xml(same.get(0)).equals(xml(record))) {
                    return "Tried to delete " + named + " but the values provided do not match the current values";
                }
                records.removeAll(same);
            }
            case "CREATE" -> {
                if (!same.isEmpty()) {
                    return "Tried to create " + named + " but it already exists";
                }
                records.add(record);
            }
            default -> {
                return "Unexpected action " + action;
            }
        }
        return "";
    }

    private static String key(Element record) {
        return (text(record, "Name") + " " + text(record, "Type") + " " + text(record, "SetIdentifier")).strip();
    }

    private static String parameter(String query, String name) {
        for (String part : query.split("&")) {
            if (part.startsWith(name + "=")) {
                return part.substring(name.length() + 1);
            }
        }
        return "";
    }

    private static String text(Element element, String child) {
        Node found = element.getElementsByTagName(child).item(0);
        return found == null ? "" : found.getTextContent();
    }

    private static Element parsed(String xml) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(xml)))
                    .getDocumentElement();
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String xml(Element element) {
        try {
            Transformer plain = TransformerFactory.newInstance().newTransformer();
            plain.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
            StringWriter text = new StringWriter();
            plain.transform(new DOMSource(element), new StreamResult(text));
            return text.toString();
        } catch (TransformerException e) {
            throw new IllegalStateException(e);
        }
    }
}
