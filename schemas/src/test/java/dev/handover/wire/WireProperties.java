package dev.handover.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.change.CanonicalChange;
import dev.handover.change.CanonicalEvent;
import dev.handover.change.CanonicalMark;
import dev.handover.change.DeadLetter;
import dev.handover.change.Finding;
import dev.handover.change.Lineage;
import dev.handover.change.LogCoordinates;
import dev.handover.change.Origin;
import dev.handover.change.Outcome;
import dev.handover.change.Outcome.Rejection;
import dev.handover.change.Provenance;
import dev.handover.change.Reason;
import dev.handover.change.SourceChange;
import dev.handover.change.SourceEvent;
import dev.handover.change.Stage;
import dev.handover.digest.Bucket;
import dev.handover.digest.BucketState;
import dev.handover.digest.Digest;
import dev.handover.digest.Fingerprint;
import dev.handover.fault.Fault;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.Column;
import dev.handover.row.ColumnType;
import dev.handover.row.Kind;
import dev.handover.row.Row;
import dev.handover.row.Samples;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WireProperties {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123456Z");
    private static final Lineage LINEAGE = new Lineage(Origin.LOAD, "", NOON, NOON);
    private static final SourcePosition POSITION = SourcePosition.mariadb(new SourceId("lab"), 0, 3, 4711, 1);
    private static final TableId RESULT = TableId.parse("lab.lis.result");
    private static final Provenance PROVENANCE =
            new Provenance(RESULT, LINEAGE, new LogCoordinates("demo.source.lab.lis.result", 2, 77), 3);

    private final SchemaRegistry registry = new InMemorySchemaRegistry();
    private final SourceEvents source = new SourceEvents(new Topics("demo"), 4, registry);
    private final CanonicalEvents canonical = new CanonicalEvents(new Topics("demo"), registry);

    @Test
    void anyRowOfAnyTableComesBackEqualFromTheChangeLog() {
        for (long seed = 0; seed < 300; seed++) {
            Samples samples = new Samples(seed);
            Row row = samples.row(samples.schema(TableId.parse("lab.lis.t" + seed)));
            SourceEvent change = new SourceChange.Upsert(row.key(), POSITION, LINEAGE, row);
            Encoded encoded = source.encode((SourceChange) change);
            assertThat(source.decode(encoded.key(), Optional.of(encoded.value())))
                    .as("seed %d", seed)
                    .isEqualTo(Outcome.accepted(change));
        }
    }

    @Test
    void anyRowOfAnyTableComesBackEqualFromACanonicalTopic() {
        for (long seed = 0; seed < 300; seed++) {
            Samples samples = new Samples(seed);
            Row row = samples.row(samples.schema(TableId.target("clinical", "t" + seed)));
            CanonicalEvent change = new CanonicalChange.Upsert(
                    row.key(),
                    POSITION,
                    PROVENANCE,
                    new BucketState(Bucket.of(row.key()), seed, new Digest(seed, -1, 2, -3, 4)),
                    row,
                    new Fingerprint(1, -2, 3, -4),
                    Map.of("dob", "19430101"),
                    List.of(new Finding("sex", Finding.Kind.UNMAPPED, "A")));
            assertReturns(change);
            assertReturns(new CanonicalChange.Delete(
                    row.schema(), row.key(), POSITION, PROVENANCE, BucketState.empty(Bucket.of(row.key())), "adults"));
            assertReturns(new CanonicalMark(row.schema(), POSITION, true, PROVENANCE));
        }
    }

    private void assertReturns(CanonicalEvent event) {
        Encoded encoded = canonical.encode(event);
        assertThat(encoded.partition()).isEqualTo(2);
        assertThat(canonical.decode(encoded.key(), Optional.of(encoded.value())))
                .isEqualTo(Outcome.accepted(event));
    }

    @Test
    void bytesThatWereCutAnywhereAreARejectionAndNeverAnException() {
        Samples samples = new Samples(5);
        Row row = samples.row(samples.schema(RESULT));
        Encoded encoded = source.encode(new SourceChange.Upsert(row.key(), POSITION, LINEAGE, row));
        for (int length = 0; length < encoded.value().length; length++) {
            byte[] cut = java.util.Arrays.copyOf(encoded.value(), length);
            assertThat(source.decode(encoded.key(), Optional.of(cut)))
                    .as("length %d", length)
                    .isInstanceOf(Outcome.Rejected.class);
        }
    }

    @Test
    void aRecordOfSomebodyElsesContractIsARejection() {
        DeadLetters letters = new DeadLetters(new Topics("demo"), registry);
        Encoded foreign = letters.encode(letter());
        assertThat(source.decode(Optional.empty(), Optional.of(foreign.value())))
                .isEqualTo(Outcome.rejected(Reason.UNDECODABLE, "contract"));
    }

    @Test
    void aDeadLetterComesBackEqual() {
        DeadLetters letters = new DeadLetters(new Topics("demo"), registry);
        assertThat(letters.decode(letters.encode(letter()).value())).isEqualTo(Outcome.accepted(letter()));
    }

    @Test
    void aColumnMoreIsCompatibleAndAColumnOfAnotherTypeIsRefused() {
        Column id = new Column("id", ColumnType.of(Kind.INT64), false);
        Column value = new Column("value", ColumnType.text(40), true);
        source.register(new TableSchema(RESULT, List.of(id, value), List.of("id")));
        source.register(new TableSchema(
                RESULT, List.of(id, value, new Column("unit", ColumnType.text(10), true)), List.of("id")));
        TableSchema changed = new TableSchema(
                RESULT, List.of(id, new Column("value", ColumnType.of(Kind.INT64), true)), List.of("id"));
        assertThatThrownBy(() -> source.register(changed))
                .isInstanceOfSatisfying(
                        Fault.class, fault -> assertThat(fault.code()).isEqualTo("schema-incompatible"));
    }

    @Test
    void aTopicNameIsLegalWhateverTheTableIsCalled() {
        assertThat(new Topics("demo").source(TableId.parse("pas.public.Ordre médical")))
                .isEqualTo("demo.source.pas.public.Ordre_x0020m_x00e9dical");
        assertThatThrownBy(() -> new Topics("my pipeline")).hasMessageContaining("\"my pipeline\"");
    }

    private static DeadLetter letter() {
        return new DeadLetter(
                Stage.MAP,
                new Rejection(Reason.UNPARSABLE, "birth_date"),
                new LogCoordinates("demo.source.lab.lis.result", 1, 5),
                Optional.of(new byte[] {1}),
                Optional.empty(),
                "lab.lis.result",
                "clinical.observation",
                "0/1+2",
                3,
                NOON);
    }
}
