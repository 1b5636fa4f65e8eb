package dev.handover.sink.archive;

/** Objects by name, each written once. */
public interface ObjectStore extends AutoCloseable {
    /**
     * Keeps an object; one of that name that is already there stays, because a name says what its object holds.
     *
     * @throws dev.handover.fault.Fault when the store does not take it
     */
    void put(String name, byte[] object);

    /**
     * An object.
     *
     * @throws dev.handover.fault.Fault when the store does not answer, or has no such object
     */
    byte[] get(String name);

    @Override
    void close();
}
