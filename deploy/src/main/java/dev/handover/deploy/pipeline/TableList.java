package dev.handover.deploy.pipeline;

import dev.handover.capture.SourceTable;
import dev.handover.capture.catalog.Inventory;
import dev.handover.capture.catalog.NotTaken;
import dev.handover.deploy.config.SourceConfig;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.mapping.Mapper;
import dev.handover.mapping.MappingMismatch;
import dev.handover.mapping.TableMapping;
import dev.handover.row.Column;
import dev.handover.row.TableSchema;
import dev.handover.sink.postgres.FindingLedger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Every table of a pipeline's sources, and what becomes of it.
 *
 * @param notTaken what is in the selected schemas and is not copied
 */
public record TableList(List<Entry> tables, List<NotTaken> notTaken) {
    public TableList {
        tables = List.copyOf(tables);
        notTaken = List.copyOf(notTaken);
    }

    /**
     * Where a table of a source goes, and how far it is there; without a state where nothing of it has arrived.
     *
     * @param findings what the newest version of its mapping found in its rows
     */
    public record Entry(
            SourceTable source,
            TableMapping mapping,
            Optional<Overview.Table> state,
            List<FindingLedger.Entry> findings) {
        public Entry {
            findings = List.copyOf(findings);
        }

        /** {@code waiting}, {@code loading}, {@code loaded}, {@code parked}, or {@code refused}: it cannot be taken. */
        public String load() {
            return source.problem().isPresent()
                    ? "refused"
                    : state.map(Overview.Table::load).orElse("waiting");
        }

        /**
         * The table as it is at the target; empty where the source's cannot be taken.
         *
         * @throws MappingMismatch when the mapping does not fit the table
         */
        public Optional<TableSchema> target() throws MappingMismatch {
            return source.schema().isEmpty()
                    ? Optional.empty()
                    : Optional.of(Mapper.bind(mapping, source.schema().get()).target());
        }

        /** Columns of the source, where they could be told. */
        public List<Column> columns() {
            return source.schema().map(TableSchema::content).orElse(List.of());
        }
    }

    /** Reads sources and target. @throws Fault when one of them does not answer */
    public static TableList read(Assembly assembly) {
        Overview overview = Overview.read(assembly);
        List<Entry> entries = new ArrayList<>();
        List<NotTaken> notTaken = new ArrayList<>();
        for (SourceConfig source : assembly.pipeline().sources()) {
            Inventory inventory = assembly.inventory(source);
            for (SourceTable table : inventory.tables()) {
                for (TableMapping mapping : assembly.mappings(table.table())) {
                    entries.add(new Entry(
                            table,
                            mapping,
                            overview.tables().stream()
                                    .filter(each -> each.status()
                                            .name()
                                            .equals(mapping.target().shortText()))
                                    .findFirst(),
                            overview.findings().newest().stream()
                                    .filter(entry -> entry.total().of().source().equals(table.table())
                                            && entry.total().of().table().equals(mapping.target()))
                                    .toList()));
                }
            }
            notTaken.addAll(inventory.notTaken());
        }
        entries.sort(Comparator.<Entry, String>comparing(
                        entry -> entry.mapping().target().shortText())
                .thenComparing(entry -> entry.source().table()));
        notTaken.sort(Comparator.comparing(NotTaken::table).thenComparing(NotTaken::kind));
        return new TableList(entries, notTaken);
    }

    /**
     * One table, by its name at the source ({@code source.schema.table}) or at the target ({@code schema.table}), or by
     * both with {@code =} between them where one of them alone means several.
     *
     * @throws Fault {@code table-unknown}, {@code table-ambiguous}
     */
    public Entry named(String name) {
        List<Entry> found =
                tables.stream().filter(entry -> names(entry).contains(name)).toList();
        if (found.isEmpty()) {
            throw Fault.of(
                    ExitCode.USAGE,
                    "table-unknown",
                    "no table of that name is captured",
                    "write it as source.schema.table or as schema.table of the target; they are listed by: handover"
                            + " tables");
        }
        if (found.size() > 1) {
            throw Fault.of(
                    ExitCode.USAGE,
                    "table-ambiguous",
                    found.size() + " mappings have a table of that name",
                    "name one of them: "
                            + found.stream().map(each -> names(each).get(2)).collect(Collectors.joining(", ")));
        }
        return found.get(0);
    }

    private static List<String> names(Entry entry) {
        String source = entry.source().table().text();
        String target = entry.mapping().target().shortText();
        return List.of(source, target, source + "=" + target);
    }
}
