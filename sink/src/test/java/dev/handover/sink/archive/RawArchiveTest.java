package dev.handover.sink.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.change.CanonicalChange;
import dev.handover.control.Bookkeeping;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.sink.batch.Batch;
import dev.handover.sink.batch.Delivery;
import dev.handover.sink.batch.History;
import dev.handover.wire.RawObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RawArchiveTest {
    private static final TableSchema PATIENTS = History.patients("clinic");
    private static final Map<String, String> ODD = Map.of("dob", "0000-00-00", "note", "a\0b \uD83D\uDE00");

    private final Kept kept = new Kept();

    /** Objects in memory. */
    private static final class Kept implements ObjectStore {
        private final Map<String, byte[]> objects = new HashMap<>();

        @Override
        public void put(String name, byte[] object) {
            objects.putIfAbsent(name, object);
        }

        @Override
        public byte[] get(String name) {
            return Objects.requireNonNull(objects.get(name), name);
        }

        @Override
        public void close() {}
    }

    @Test
    void aRowNamesTheObjectAndThePlaceOfItsRawValues() {
        RawArchive archive = new RawArchive(kept, Set.of(PATIENTS.table()));
        Batch batch = archive.stored(new History(PATIENTS)
                .upsert(1, 1, "Ann")
                .raw(Map.of("dob", "19700101"))
                .upsert(2, 2, "Ben")
                .delete(3, 2)
                .raw(ODD)
                .upsert(4, 3, "Cyd")
                .batch());
        assertThat(raw(batch, 0)).as("nothing to archive").isEmpty();
        assertThat(raw(batch, 1)).containsOnlyKeys(Bookkeeping.ARCHIVED);
        assertThat(archive.raw(raw(batch, 1))).isEqualTo(Map.of("dob", "19700101"));
        assertThat(archive.raw(raw(batch, 3))).isEqualTo(ODD);
        assertThat(kept.objects).as("one object a batch").hasSize(1);
        kept.objects.forEach((name, object) -> assertThat(name).isEqualTo("raw/" + RawObject.name(object) + ".avro"));
    }

    @Test
    void theSameBatchMakesTheSameObject() {
        new RawArchive(kept, Set.of(PATIENTS.table()))
                .stored(new History(PATIENTS).raw(ODD).upsert(1, 1, "Ann").batch());
        new RawArchive(kept, Set.of(PATIENTS.table()))
                .stored(new History(PATIENTS).raw(ODD).upsert(1, 1, "Ann").batch());
        assertThat(kept.objects).hasSize(1);
        assertThat(RawObject.decode(kept.objects.values().iterator().next()))
                .singleElement()
                .satisfies(entry -> assertThat(entry.raw()).isEqualTo(ODD));
    }

    @Test
    void otherTablesKeepTheirRawValuesBesideTheRow() {
        RawArchive archive = new RawArchive(kept, Set.of(TableId.target("clinic", "visit")));
        Batch batch = archive.stored(
                new History(PATIENTS).raw(ODD).upsert(1, 1, "Ann").batch());
        assertThat(raw(batch, 0)).isEqualTo(ODD);
        assertThat(archive.raw(ODD)).isEqualTo(ODD);
        assertThat(kept.objects).isEmpty();
    }

    private static Map<String, String> raw(Batch batch, int number) {
        List<Delivery> deliveries = batch.deliveries();
        return ((CanonicalChange.Upsert) deliveries.get(number).event()).raw();
    }
}
