package dev.handover.sink.postgres;

import dev.handover.change.Outcome.Rejection;
import dev.handover.change.Reason;
import dev.handover.sink.batch.Delivery;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Stream;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** A change that the target would not take, and why. */
record Refusal(Delivery delivery, Rejection rejection) {

    /**
     * What may be told of a refusal: the constraint, column or type that the server names beside its message. The
     * message, its detail and its hint quote the row, and are left alone.
     */
    static Rejection rejection(SQLException e) {
        Optional<ServerErrorMessage> server =
                e instanceof PSQLException psql ? Optional.ofNullable(psql.getServerErrorMessage()) : Optional.empty();
        String where = server.flatMap(
                        message -> Stream.of(message.getConstraint(), message.getColumn(), message.getDatatype())
                                .filter(name -> name != null && !name.isEmpty())
                                .findFirst())
                .orElse("SQLSTATE " + SqlState.of(e));
        return new Rejection(SqlState.of(e).startsWith("22") ? Reason.REFUSED_VALUE : Reason.CONSTRAINT, where);
    }

    /** Whether the server named a place. */
    static boolean namesNoPlace(Rejection rejection) {
        return rejection.where().startsWith("SQLSTATE ");
    }
}
