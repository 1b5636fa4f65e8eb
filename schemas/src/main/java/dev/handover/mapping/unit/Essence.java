package dev.handover.mapping.unit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The prefixes and atoms of {@code ucum-essence.xml}, the definitions that the UCUM Organization publishes, read as
 * they are. The file is no work of ours: see {@code ucum-notice.txt} beside it.
 *
 * @param version UCUM's version, such as {@code 2.2}
 * @param prefixes exact value by case-sensitive code
 * @param atoms by case-sensitive code, in the order of the file
 */
record Essence(String version, Map<String, Rational> prefixes, Map<String, Definition> atoms) {
    private static final String RESOURCE = "ucum-essence.xml";

    /** @throws IllegalStateException when the file is not on the class path or not what it should be */
    static Essence load() {
        try (InputStream in = Essence.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is not beside " + Essence.class.getName());
            }
            XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            XMLStreamReader xml = factory.createXMLStreamReader(in);
            try {
                return new Reader(xml).read();
            } finally {
                xml.close();
            }
        } catch (XMLStreamException e) {
            throw new IllegalStateException(RESOURCE + " is no XML", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One pass over the file. */
    private static final class Reader {
        private final XMLStreamReader xml;
        private final Map<String, Rational> prefixes = new LinkedHashMap<>();
        private final Map<String, Definition> atoms = new LinkedHashMap<>();
        private String version = "";

        Reader(XMLStreamReader xml) {
            this.xml = xml;
        }

        Essence read() throws XMLStreamException {
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT) {
                    switch (xml.getLocalName()) {
                        case "root" -> version = required("version");
                        case "prefix" -> prefix();
                        case "base-unit", "unit" -> unit(xml.getLocalName());
                        default -> {
                            // names and symbols for people
                        }
                    }
                }
            }
            return new Essence(version, Map.copyOf(prefixes), Collections.unmodifiableMap(atoms));
        }

        private void prefix() throws XMLStreamException {
            String code = required("Code");
            while (!(xml.next() == XMLStreamConstants.START_ELEMENT
                    && xml.getLocalName().equals("value"))) {
                // the name and the symbol come first
            }
            prefixes.put(code, Rational.parse(required("value")));
        }

        private void unit(String element) throws XMLStreamException {
            String code = required("Code");
            boolean base = element.equals("base-unit");
            boolean metric = base || flag("isMetric");
            boolean arbitrary = flag("isArbitrary");
            String property = "";
            Rational value = Rational.ONE;
            Optional<String> unit = Optional.empty();
            Optional<String> function = Optional.empty();
            while (!(xml.next() == XMLStreamConstants.END_ELEMENT
                    && xml.getLocalName().equals(element))) {
                if (xml.getEventType() != XMLStreamConstants.START_ELEMENT) {
                    continue;
                }
                switch (xml.getLocalName()) {
                    case "property" -> property = xml.getElementText();
                    case "value" -> {
                        unit = Optional.of(required("Unit"));
                        String number = xml.getAttributeValue(null, "value");
                        value = number == null ? Rational.ONE : Rational.parse(number);
                    }
                    case "function" -> {
                        function = Optional.of(required("name"));
                        unit = Optional.of(required("Unit"));
                        value = Rational.parse(required("value"));
                    }
                    default -> {
                        // names and symbols for people
                    }
                }
            }
            atoms.put(
                    code,
                    new Definition(code, metric, arbitrary, property, value, base ? Optional.empty() : unit, function));
        }

        private boolean flag(String attribute) {
            return "yes".equals(xml.getAttributeValue(null, attribute));
        }

        private String required(String attribute) {
            String value = xml.getAttributeValue(null, attribute);
            if (value == null) {
                throw new IllegalStateException(RESOURCE + " has " + xml.getLocalName() + " without " + attribute);
            }
            return value;
        }
    }
}
