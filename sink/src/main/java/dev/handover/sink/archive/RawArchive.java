package dev.handover.sink.archive;

import dev.handover.change.CanonicalChange;
import dev.handover.control.Bookkeeping;
import dev.handover.digest.CanonicalBytes;
import dev.handover.row.TableId;
import dev.handover.sink.batch.Batch;
import dev.handover.sink.batch.Delivery;
import dev.handover.wire.RawObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Moves raw values out of a batch into one object, before the batch's transaction; the rows then name the object and
 * the place in it. An object whose transaction failed is named by nobody and harms nobody. Used by one thread.
 */
public final class RawArchive implements AutoCloseable {
    private final ObjectStore objects;
    private final Set<TableId> tables;

    /** @param tables target tables whose raw values are archived */
    public RawArchive(ObjectStore objects, Set<TableId> tables) {
        this.objects = objects;
        this.tables = Set.copyOf(tables);
    }

    /** The batch with references in the place of archived raw values, which are safe by then. */
    public Batch stored(Batch batch) {
        List<RawObject.Entry> entries = new ArrayList<>();
        for (Delivery delivery : batch.deliveries()) {
            archived(delivery).ifPresent(change -> entries.add(entry(change)));
        }
        if (entries.isEmpty()) {
            return batch;
        }
        byte[] file = RawObject.encode(entries);
        String name = "raw/" + RawObject.name(file) + ".avro";
        objects.put(name, file);
        List<Delivery> deliveries = new ArrayList<>();
        int place = 0;
        for (Delivery delivery : batch.deliveries()) {
            Optional<CanonicalChange.Upsert> change = archived(delivery);
            deliveries.add(change.isEmpty() ? delivery : referring(delivery, change.get(), name + "#" + place));
            place += change.isEmpty() ? 0 : 1;
        }
        return new Batch(deliveries, batch.letters(), batch.nextOffsets(), batch.partial());
    }

    private Optional<CanonicalChange.Upsert> archived(Delivery delivery) {
        return delivery.event() instanceof CanonicalChange.Upsert upsert
                        && !upsert.raw().isEmpty()
                        && tables.contains(upsert.schema().table())
                ? Optional.of(upsert)
                : Optional.empty();
    }

    private static RawObject.Entry entry(CanonicalChange.Upsert change) {
        return new RawObject.Entry(
                change.schema().table().shortText(),
                change.provenance().source(),
                CanonicalBytes.key(change.key()),
                change.position().bytes(),
                change.provenance().mappingVersion(),
                change.raw());
    }

    private static Delivery referring(Delivery delivery, CanonicalChange.Upsert change, String reference) {
        CanonicalChange.Upsert referring = new CanonicalChange.Upsert(
                change.key(),
                change.position(),
                change.provenance(),
                change.bucket(),
                change.row(),
                change.fingerprint(),
                Map.of(Bookkeeping.ARCHIVED, reference),
                change.findings());
        return new Delivery(delivery.at(), referring, delivery.key(), delivery.value());
    }

    /**
     * The raw values that a row keeps, wherever they are.
     *
     * @param raw as the row's own column of raw values has them
     * @throws dev.handover.fault.Fault when the archive does not have them
     * @throws IllegalArgumentException when the reference is none
     */
    public Map<String, String> raw(Map<String, String> raw) {
        String reference = raw.get(Bookkeeping.ARCHIVED);
        if (reference == null) {
            return raw;
        }
        int hash = reference.lastIndexOf('#');
        if (hash < 0) {
            throw new IllegalArgumentException("not a reference to the archive");
        }
        List<RawObject.Entry> entries = RawObject.decode(objects.get(reference.substring(0, hash)));
        return entries.get(Integer.parseInt(reference.substring(hash + 1))).raw();
    }

    @Override
    public void close() {
        objects.close();
    }
}
