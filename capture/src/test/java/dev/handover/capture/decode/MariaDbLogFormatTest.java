package dev.handover.capture.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.capture.Boundary;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

class MariaDbLogFormatTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Schema SOURCE = SchemaBuilder.struct()
            .field("file", Schema.STRING_SCHEMA)
            .field("pos", Schema.INT64_SCHEMA)
            .field("row", Schema.INT32_SCHEMA)
            .build();
    private static final Schema VALUE =
            SchemaBuilder.struct().field("source", SOURCE).build();

    private final MariaDbLogFormat format = new MariaDbLogFormat(new SourceId("pas"), 0);

    @Test
    void changesOfOneTransactionAreOrderedAlthoughTheirEventsTellOnePlace() {
        Boundary before = format.boundary("binlog.000001", 4_300, 0, NOW);
        SourcePosition deleted = format.position(before, row(4_363), 1);
        SourcePosition inserted = format.position(before, row(4_363), 2);
        Boundary after = format.boundary("binlog.000001", 4_900, 0, NOW);

        assertThat(List.of(before.position(), deleted, inserted, after.position()))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    /** What the server sends for the first row of any statement of a transaction that begins at a place. */
    private static SourceRecord row(long begin) {
        Struct source = new Struct(SOURCE)
                .put("file", "binlog.000001")
                .put("pos", begin)
                .put("row", 0);
        Struct value = new Struct(VALUE).put("source", source);
        return new SourceRecord(Map.of(), Map.of(), "topic", VALUE, value);
    }
}
