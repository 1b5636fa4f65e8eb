package dev.handover.deploy.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Synthea's patients as its CSV exporter wrote them, read from {@code synthea.zip} beside this class.
 *
 * <p>Made by {@code org.mitre.synthea:synthea:3.3.0} (Apache-2.0; its output is free to use) from Maven Central, with
 * {@code App -s 1854 -cs 1854 -p 24 -r 20240101 -e 20240101 --exporter.csv.export=true --exporter.fhir.export=false
 * --exporter.hospital.fhir.export=false --exporter.practitioner.fhir.export=false --generate.thread_pool_size=1
 * --exporter.years_of_history=0 Massachusetts Boston}: 24 living and 5 dead patients, the same bytes for the same seed.
 * {@code claims_transactions}, {@code imaging_studies} and {@code supplies} were left out, the other files are
 * untouched; {@code zip -X -9} packed them. Synthea writes neither quotes nor commas inside a value, so a line splits
 * at commas, and one with another number of them is refused.
 */
final class SyntheaArchive {
    private final Map<String, List<Line>> files;

    private SyntheaArchive(Map<String, List<Line>> files) {
        this.files = Map.copyOf(files);
    }

    static SyntheaArchive bundled() {
        try (InputStream resource = SyntheaArchive.class.getResourceAsStream("synthea.zip")) {
            if (resource == null) {
                throw new IllegalStateException("synthea.zip is not on the class path: build the deploy module again");
            }
            return read(resource);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("synthea.zip cannot be read: build the deploy module again", unreadable);
        }
    }

    static SyntheaArchive read(InputStream zipped) throws IOException {
        Map<String, List<Line>> files = new HashMap<>();
        ZipInputStream zip = new ZipInputStream(zipped, StandardCharsets.UTF_8);
        for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            String name = entry.getName().replace(".csv", "");
            files.put(name, lines(name, new BufferedReader(new InputStreamReader(zip, StandardCharsets.UTF_8))));
        }
        return new SyntheaArchive(files);
    }

    private static List<Line> lines(String file, BufferedReader reader) throws IOException {
        String first = reader.readLine();
        if (first == null) {
            throw new IOException("empty file " + file);
        }
        Map<String, Integer> header = new HashMap<>();
        for (String name : first.split(",", -1)) {
            header.put(name, header.size());
        }
        List<Line> lines = new ArrayList<>();
        for (String text = reader.readLine(); text != null; text = reader.readLine()) {
            String[] cells = text.split(",", -1);
            if (cells.length != header.size()) {
                throw new IOException(
                        file + ", line " + (lines.size() + 2) + ": " + cells.length + " cells for " + header.size());
            }
            lines.add(new Line(header, cells, lines.size()));
        }
        return List.copyOf(lines);
    }

    /** All lines of one of Synthea's files, in file order. */
    List<Line> lines(String file) {
        List<Line> lines = files.get(file);
        if (lines == null) {
            throw new IllegalArgumentException("no file " + file + " in synthea.zip; there are " + files.keySet());
        }
        return lines;
    }

    /** One line; {@code number} counts from 0 within its file. */
    static final class Line {
        private final Map<String, Integer> header;
        private final String[] cells;
        private final int number;

        private Line(Map<String, Integer> header, String[] cells, int number) {
            this.header = header;
            this.cells = cells;
            this.number = number;
        }

        int number() {
            return number;
        }

        /** The cell's text, empty when Synthea left it out. */
        String text(String column) {
            Integer index = header.get(column);
            if (index == null) {
                throw new IllegalArgumentException("no column " + column + "; there are " + header.keySet());
            }
            return cells[index];
        }

        /** The cell, or null when Synthea left it out. */
        @Nullable String cell(String column) {
            String text = text(column);
            return text.isEmpty() ? null : text;
        }
    }
}
