package io.pitstop.aws;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The XML that AWS answers with. */
final class Answer {
    private final Document document;

    Answer(String xml) {
        try {
            document = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(xml)));
        } catch (Exception e) {
            throw new AssertionError(xml, e);
        }
    }

    /** The text of every element at the end of {@code path}, such as {@code Listeners/member/Port}, in order. */
    List<String> texts(String path) {
        try {
            NodeList nodes = (NodeList)
                    XPathFactory.newInstance().newXPath().evaluate("//" + path, document, XPathConstants.NODESET);
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < nodes.getLength(); i++) {
                texts.add(nodes.item(i).getTextContent());
            }
            return texts;
        } catch (Exception e) {
            throw new AssertionError(path, e);
        }
    }

    String text(String path) {
        List<String> texts = texts(path);
        if (texts.isEmpty()) {
            throw new AssertionError("no " + path + " in the answer");
        }
        return texts.get(0);
    }
}
