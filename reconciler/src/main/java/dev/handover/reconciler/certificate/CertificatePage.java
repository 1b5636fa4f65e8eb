package dev.handover.reconciler.certificate;

import dev.handover.reconciler.Sums;
import java.util.List;

/** A certificate as a page for people: one file that asks for no other, and runs nothing. */
public final class CertificatePage {
    private static final String STYLE = """
            body{font:15px/1.45 sans-serif;margin:2em auto;max-width:75em;padding:0 1em;color:#111}
            h1 .yes{color:#0a6b2d}h1 .no{color:#a01212}
            table{border-collapse:collapse;width:100%;margin:.6em 0 1.6em}
            th,td{border:1px solid #bbb;padding:.3em .5em;text-align:left;vertical-align:top}
            th{background:#f0f0f0}td.n{text-align:right}code{font-size:12px;overflow-wrap:anywhere}
            """;

    private final StringBuilder out = new StringBuilder();

    private CertificatePage() {}

    /** The page of a document, with its hash and seal. */
    public static String of(Certificate certificate, SealedCertificate sealed) {
        CertificatePage page = new CertificatePage();
        page.head(certificate, sealed);
        page.places(certificate);
        page.tables(certificate);
        page.rest(certificate);
        return page.out.append("</body>\n</html>\n").toString();
    }

    private void head(Certificate certificate, SealedCertificate sealed) {
        boolean yes = certificate.certified();
        out.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>")
                .append(escaped(certificate.status() + ": " + certificate.pipeline()))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<h1><span class=\"")
                .append(yes ? "yes" : "no")
                .append("\">")
                .append(escaped(certificate.status()))
                .append("</span> ")
                .append(escaped(certificate.pipeline()))
                .append("</h1>\n");
        list("Why it is not certified", certificate.why());
        table(
                List.of("", ""),
                List.of(
                        List.of("scope", String.join(", ", certificate.scope())),
                        List.of(
                                "compared",
                                certificate.run().startedAt() + " to "
                                        + certificate.run().finishedAt() + ", run "
                                        + certificate.run().id() + ", verdict "
                                        + certificate.run().verdict()),
                        List.of("issued", certificate.issuedAt()),
                        List.of(
                                "by",
                                "Handover " + certificate.tool().version() + " ("
                                        + certificate.tool().revision() + ")"),
                        List.of("digest", certificate.digest() + ", under " + certificate.digestKey()),
                        List.of("SHA-256", sealed.sha256()),
                        List.of("seal", sealed.seal())));
    }

    private void places(Certificate certificate) {
        out.append("<h2>Databases</h2>\n");
        table(
                List.of("", "name", "kind", "address"),
                java.util.stream.Stream.concat(
                                certificate.sources().stream().map(place -> place("source", place)),
                                certificate.targets().stream().map(place -> place("target", place)))
                        .toList());
        table(
                List.of("source", "partitions", "applied up to", "newest change or heartbeat"),
                certificate.progress().stream()
                        .map(each -> List.of(
                                each.source(), Long.toString(each.partitions()), each.position(), each.committedAt()))
                        .toList());
    }

    private static List<String> place(String side, Certificate.Place place) {
        return List.of(side, place.name(), place.kind(), place.address());
    }

    private void tables(Certificate certificate) {
        out.append("<h2>Tables</h2>\n");
        table(
                List.of(
                        "table",
                        "verdict",
                        "rows",
                        "digest of the source's rows",
                        "digest of the target's rows",
                        "at source, target",
                        "mapping",
                        "looked at again",
                        "last compared"),
                certificate.tables().stream().map(CertificatePage::line).toList());
        out.append(
                "<p>Both digests are of one snapshot each. Where rows changed between them, they differ, and each row was seen"
                        + " equal at a later look.</p>\n");
    }

    private static List<String> line(Certificate.Table table) {
        Sums sums = table.sums();
        return List.of(
                table.source() + " to " + table.target(),
                table.verdict(),
                sums.sourceRows() + ", " + sums.targetRows(),
                sums.source(),
                sums.equal() ? "the same" : sums.target(),
                sums.place().settled() + " to " + sums.place().high() + ", "
                        + sums.place().applied(),
                Integer.toString(sums.mappingVersion()),
                Long.toString(sums.again()),
                table.lastCompared() + ", " + table.ageSeconds() + " s before");
    }

    private void rest(Certificate certificate) {
        out.append("<h2>Not verified: ").append(certificate.unverified().size()).append("</h2>\n");
        table(
                List.of("table", "reason"),
                certificate.unverified().stream()
                        .map(each -> List.of(each.table(), each.reason()))
                        .toList());
        out.append("<h2>Not moved: ").append(certificate.left().size()).append("</h2>\n");
        table(
                List.of("table", "reason"),
                certificate.left().entrySet().stream()
                        .sorted(java.util.Map.Entry.comparingByKey())
                        .map(each -> List.of(each.getKey(), each.getValue()))
                        .toList());
        out.append("<h2>Rules: ").append(certificate.rules().size()).append("</h2>\n");
        table(
                List.of("rule", "kind", "table", "result", "measures", "detail"),
                certificate.rules().stream()
                        .map(rule -> List.of(
                                rule.name(),
                                rule.kind(),
                                rule.table(),
                                rule.result().code(),
                                String.join(
                                        "; ",
                                        rule.measures().stream()
                                                .map(measure -> measure.name() + " " + measure.source() + ", "
                                                        + measure.target())
                                                .toList()),
                                rule.detail()))
                        .toList());
        out.append("<h2>Open dead letters: ")
                .append(certificate.deadLetters().stream()
                        .mapToLong(Certificate.DeadLetters::open)
                        .sum())
                .append("</h2>\n");
        table(
                List.of("reason", "table", "open"),
                certificate.deadLetters().stream()
                        .map(each -> List.of(each.reason(), each.table(), Long.toString(each.open())))
                        .toList());
    }

    private void list(String title, List<String> lines) {
        if (!lines.isEmpty()) {
            out.append("<h2>").append(escaped(title)).append("</h2>\n<ul>\n");
            lines.forEach(line -> out.append("<li>").append(escaped(line)).append("</li>\n"));
            out.append("</ul>\n");
        }
    }

    private void table(List<String> headers, List<List<String>> rows) {
        if (rows.isEmpty()) {
            return;
        }
        out.append("<table>\n");
        if (headers.stream().anyMatch(header -> !header.isEmpty())) {
            out.append("<tr>");
            headers.forEach(header -> out.append("<th>").append(escaped(header)).append("</th>"));
            out.append("</tr>\n");
        }
        for (List<String> row : rows) {
            out.append("<tr>");
            for (String cell : row) {
                boolean number = cell.matches("[0-9]+");
                boolean code = cell.matches("[0-9a-f]{64}");
                out.append(number ? "<td class=\"n\">" : "<td>")
                        .append(code ? "<code>" : "")
                        .append(escaped(cell))
                        .append(code ? "</code>" : "")
                        .append("</td>");
            }
            out.append("</tr>\n");
        }
        out.append("</table>\n");
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
