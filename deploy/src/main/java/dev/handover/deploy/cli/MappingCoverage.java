package dev.handover.deploy.cli;

import dev.handover.mapping.Coverage;
import dev.handover.mapping.Mapper;
import dev.handover.sink.postgres.FindingLedger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The answer of {@code handover mapping coverage}. */
final class MappingCoverage {
    private MappingCoverage() {}

    /** The document's data. */
    record Covered(String schemas, boolean findingsKnown, List<TableCoverage> tables) {}

    /** A table, with how many of its source columns are kept in which way. */
    record TableCoverage(
            String source,
            String target,
            int mappingVersion,
            int reversible,
            int checked,
            int rawBacked,
            int dropped,
            long findings,
            List<ColumnCoverage> columns) {}

    /** A source column; {@code restoredBy} is empty where no target column gives it back. */
    record ColumnCoverage(
            String column, String type, String keeping, List<String> readBy, String restoredBy, List<Count> findings) {
        long found() {
            return findings.stream().mapToLong(Count::count).sum();
        }
    }

    /** How often something was found in a column under the mapping's version. */
    record Count(String column, String kind, long count) {
        static Count of(FindingLedger.Entry entry) {
            return new Count(
                    entry.total().of().column(),
                    entry.total().of().kind().code(),
                    entry.total().count());
        }
    }

    static Answer answer(List<Mapper> mappers, String schemas, KnownFindings findings, boolean columns) {
        List<TableCoverage> tables =
                mappers.stream().map(mapper -> coverage(mapper, findings)).toList();
        Answer answer = Answer.of(
                "MappingCoverage", new Covered(schemas, findings.ledger().isPresent(), tables));
        if (!columns) {
            answer = answer.grid(
                    List.of("TARGET", "SOURCE", "REVERSIBLE", "CHECKED", "RAW-BACKED", "DROPPED", "FINDINGS"),
                    tables.stream()
                            .map(table -> List.of(
                                    table.target(),
                                    table.source(),
                                    Integer.toString(table.reversible()),
                                    Integer.toString(table.checked()),
                                    Integer.toString(table.rawBacked()),
                                    Integer.toString(table.dropped()),
                                    Long.toString(table.findings())))
                            .toList());
        } else {
            for (TableCoverage table : tables) {
                answer = answer.lines(table.source() + " -> " + table.target() + ", v" + table.mappingVersion() + ": "
                                + table.reversible() + " reversible, " + table.checked() + " checked, "
                                + table.rawBacked() + " raw-backed, " + table.dropped() + " dropped")
                        .grid(
                                List.of("COLUMN", "TYPE", "KEPT", "READ BY", "FINDINGS"),
                                table.columns().stream()
                                        .map(MappingCoverage::line)
                                        .toList());
            }
        }
        return findings.warn(answer);
    }

    private static List<String> line(ColumnCoverage column) {
        return List.of(
                column.column(),
                column.type(),
                column.keeping(),
                column.readBy().isEmpty() ? "-" : String.join(", ", column.readBy()),
                column.findings().isEmpty()
                        ? "-"
                        : column.findings().stream()
                                .map(count -> count.kind() + " " + count.count())
                                .collect(Collectors.joining(", ")));
    }

    private static TableCoverage coverage(Mapper mapper, KnownFindings findings) {
        Map<Coverage.Keeping, Integer> kept = new EnumMap<>(Coverage.Keeping.class);
        List<ColumnCoverage> columns = new ArrayList<>();
        for (Coverage.Of of : mapper.coverage().columns()) {
            kept.merge(of.keeping(), 1, Integer::sum);
            Stream<String> where = of.readBy().isEmpty() ? Stream.of(of.column()) : of.readBy().stream();
            columns.add(new ColumnCoverage(
                    of.column(),
                    mapper.source()
                            .columns()
                            .get(mapper.source().ordinal(of.column()))
                            .type()
                            .name(),
                    of.keeping().word(),
                    of.readBy(),
                    of.restoredBy(),
                    where.flatMap(name -> findings.current(mapper, name).stream())
                            .map(Count::of)
                            .toList()));
        }
        return new TableCoverage(
                mapper.mapping().source().text(),
                mapper.mapping().target().shortText(),
                mapper.mapping().version(),
                kept.getOrDefault(Coverage.Keeping.REVERSIBLE, 0),
                kept.getOrDefault(Coverage.Keeping.CHECKED, 0),
                kept.getOrDefault(Coverage.Keeping.RAW_BACKED, 0),
                kept.getOrDefault(Coverage.Keeping.DROPPED, 0),
                columns.stream().mapToLong(ColumnCoverage::found).sum(),
                columns);
    }
}
