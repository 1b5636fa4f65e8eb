package dev.handover.deploy.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.deploy.config.SourceSchemas;
import dev.handover.fault.Fault;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SchemaRecordTest {
    private static TableSchema everyKind(TableId table) {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("order", ColumnType.of(Kind.INT64), false));
        columns.add(new Column("na\"me\\ \n", ColumnType.text(20), true));
        for (Kind kind : Kind.values()) {
            columns.add(new Column(kind.name(), new ColumnType(kind, columns.size(), 2, "type of " + kind), true));
        }
        return new TableSchema(table, columns, List.of("na\"me\\ \n", "order"));
    }

    private static SourceSchemas schemas(String... tables) {
        Map<TableId, TableSchema> schemas = new LinkedHashMap<>();
        for (String table : tables) {
            TableId id = TableId.parse(table);
            schemas.put(id, everyKind(id));
        }
        return SourceSchemas.of(
                Set.of("pas", "lab"), schemas, Map.of(TableId.parse("pas.public.log"), "table \"log\" has no key"));
    }

    @Test
    void whatIsRecordedIsReadAsItWas(@TempDir Path directory) throws IOException {
        SourceSchemas schemas = schemas("pas.public.patient", "lab.lis.Ergebnis.ä");
        Path file = SchemaRecord.beside(directory.resolve("pipeline.yaml"));

        Files.writeString(file, SchemaRecord.text(schemas));

        assertThat(file).hasFileName("pipeline.yaml.schemas.json");
        assertThat(SchemaRecord.read(file)).isEqualTo(schemas);
    }

    @Test
    void theSameSchemasAreTheSameTextInAnyOrderAndAColumnIsALine() {
        String text = SchemaRecord.text(schemas("pas.public.a", "pas.public.b"));

        assertThat(SchemaRecord.text(schemas("pas.public.b", "pas.public.a"))).isEqualTo(text);
        assertThat(text.lines().filter(line -> line.contains("\"nullable\"")).count())
                .isEqualTo(2L * (Kind.values().length + 2));
        assertThat(SchemaRecord.text(SourceSchemas.of(Set.of(), Map.of(), Map.of())))
                .endsWith("}\n");
    }

    @ParameterizedTest
    @CsvSource({
        "'{', is damaged",
        "'[]', is not a record of schemas",
        "'{\"apiVersion\":\"handover/v1\",\"kind\":\"Pipeline\"}', is not a record of schemas",
        "'{\"apiVersion\":\"handover/v1\",\"kind\":\"SourceSchemas\",\"tables\":[{\"table\":\"x\"}]}', is damaged",
    })
    void whatIsNoRecordIsRefused(String text, String fact, @TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("s.json"), text);

        assertThatThrownBy(() -> SchemaRecord.read(file))
                .isInstanceOfSatisfying(
                        Fault.class, fault -> assertThat(fault.code()).isEqualTo("schemas-invalid"))
                .hasMessageEndingWith(fact);
        assertThatThrownBy(() -> SchemaRecord.read(directory.resolve("none")))
                .isInstanceOfSatisfying(
                        Fault.class, fault -> assertThat(fault.code()).isEqualTo("schemas-unreadable"));
    }
}
