package dev.handover.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.Row;
import dev.handover.row.Samples;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class LoadObjectTest {
    private static final SourcePosition POSITION = SourcePosition.mariadb(new SourceId("lab"), 0, 3, 4711, 1);
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123456Z");

    @Test
    void anyRowsOfAnyTableComeBackEqualAndInTheirOrder() {
        for (long seed = 0; seed < 100; seed++) {
            Samples samples = new Samples(seed);
            TableSchema schema = samples.schema(TableId.parse("lab.lis.t" + seed));
            List<Row> rows = rows(samples, schema, (int) (seed * 7 % 300));
            LoadObject.Head head = new LoadObject.Head(schema, POSITION, NOON, (int) seed, 2);

            LoadObject.Content content = LoadObject.decode(object(head, rows));

            assertThat(content).as("seed %d", seed).isEqualTo(new LoadObject.Content(head, rows));
        }
    }

    @Test
    void theSameRowsAreTheSameObjectAndOthersAreAnother() {
        Samples samples = new Samples(7);
        TableSchema schema = samples.schema(TableId.parse("lab.lis.result"));
        List<Row> rows = rows(samples, schema, 50);
        LoadObject.Head head = new LoadObject.Head(schema, POSITION, NOON, 1, 0);

        String name = RawObject.name(object(head, rows));

        assertThat(RawObject.name(object(head, rows))).isEqualTo(name);
        assertThat(RawObject.name(object(head, rows.subList(1, 50)))).isNotEqualTo(name);
        assertThat(RawObject.name(object(head.next(), rows))).isNotEqualTo(name);
    }

    @Test
    void anyReaderOfAvroReadsIt() throws IOException {
        Samples samples = new Samples(3);
        TableSchema schema = samples.schema(TableId.parse("lab.lis.result"));
        byte[] object = object(new LoadObject.Head(schema, POSITION, NOON, 1, 0), rows(samples, schema, 20));
        try (DataFileReader<GenericRecord> reader =
                new DataFileReader<>(new SeekableByteArrayInput(object), new GenericDatumReader<>())) {
            int read = 0;
            while (reader.hasNext()) {
                reader.next();
                read++;
            }
            assertThat(read).isEqualTo(20);
        }
    }

    @Test
    void whatIsNoObjectIsRefusedWithoutAValue() {
        Samples samples = new Samples(3);
        TableSchema schema = samples.schema(TableId.parse("lab.lis.result"));
        byte[] object = object(new LoadObject.Head(schema, POSITION, NOON, 1, 0), rows(samples, schema, 20));
        byte[] raw = RawObject.encode(List.of());
        byte[] altered = object.clone();
        altered[object.length * 3 / 4] ^= 1;
        for (byte[] bytes : List.of(new byte[0], raw, altered, Arrays.copyOf(object, object.length - 20))) {
            assertThatThrownBy(() -> LoadObject.decode(bytes))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("not an object of a load");
        }
    }

    private static List<Row> rows(Samples samples, TableSchema schema, int count) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(samples.row(schema));
        }
        return rows;
    }

    private static byte[] object(LoadObject.Head head, List<Row> rows) {
        LoadObject.Writing writing = new LoadObject.Writing(head);
        rows.forEach(writing::add);
        return writing.end();
    }
}
