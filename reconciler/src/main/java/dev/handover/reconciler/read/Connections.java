package dev.handover.reconciler.read;

import java.sql.Connection;
import java.sql.SQLException;

/** Opens connections to one database; whoever is given one closes it. */
@FunctionalInterface
public interface Connections {
    /** A new or pooled connection with automatic commit. */
    Connection open() throws SQLException;
}
