package dev.handover.sink.archive;

import dev.handover.row.Row;
import dev.handover.wire.LoadObject;
import dev.handover.wire.RawObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the rows of one chunk of a load as the source said them, before any mapping, in objects that hold so many bytes
 * each. An object whose chunk was not written is named by nobody and harms nobody. Used by one thread.
 */
public final class ChunkArchive {
    /** Of rows before compression, which takes a fifth to a half of that. */
    private static final long OBJECT_BYTES = 32L << 20;

    private final ObjectStore objects;
    private final List<String> names = new ArrayList<>();
    private LoadObject.Head next;
    private LoadObject.@Nullable Writing writing;

    /** @param first what the first object says of its rows */
    public ChunkArchive(ObjectStore objects, LoadObject.Head first) {
        this.objects = objects;
        this.next = first;
    }

    /** Takes a row. @throws dev.handover.fault.Fault when the store does not take the object that is full */
    public void add(Row row) {
        LoadObject.Writing current = writing;
        if (current == null) {
            current = new LoadObject.Writing(next);
            writing = current;
        }
        current.add(row);
        if (current.bytes() >= OBJECT_BYTES) {
            put(current);
        }
    }

    /**
     * The names of all objects, which are safe by now.
     *
     * @throws dev.handover.fault.Fault when the store does not take the last one
     */
    public List<String> end() {
        LoadObject.Writing current = writing;
        if (current != null) {
            put(current);
        }
        return List.copyOf(names);
    }

    private void put(LoadObject.Writing full) {
        byte[] file = full.end();
        String name = "load/" + RawObject.name(file) + ".avro";
        objects.put(name, file);
        names.add(name);
        next = full.head().next();
        writing = null;
    }
}
