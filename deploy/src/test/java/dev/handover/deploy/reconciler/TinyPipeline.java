package dev.handover.deploy.reconciler;

import dev.handover.change.Outcome;
import dev.handover.control.Bookkeeping;
import dev.handover.digest.Bucket;
import dev.handover.digest.CanonicalBytes;
import dev.handover.digest.Digest;
import dev.handover.digest.Fingerprint;
import dev.handover.digest.FingerprintKey;
import dev.handover.mapping.Mapped;
import dev.handover.mapping.Mapper;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.reconciler.read.Connections;
import dev.handover.row.Cell;
import dev.handover.row.Column;
import dev.handover.row.PostgresText;
import dev.handover.row.Row;
import dev.handover.row.RowKey;
import dev.handover.row.Value;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The whole pipeline in one small class, for one table: it decodes the source's log with {@code test_decoding}, gives
 * changes the positions that capture gives them, and applies them partition by partition as the sink does: forward
 * only, with tombstones, sums of buckets and applied marks in the same transaction. It lags as it is told. Used by one
 * thread.
 */
final class TinyPipeline implements AutoCloseable {
    static final int PARTITIONS = 4;

    private static final Pattern CELL = Pattern.compile("(\\w+)\\[[^\\]]+\\]:('(?:[^']|'')*'|\\S+)");
    private static final int DECODED_MAX = 400;

    private final SourceId source;
    private final Mapper mapper;
    private final FingerprintKey fingerprints;
    private final CanonicalBytes encoder;
    private final String topic;
    private final Connection log;
    private final Connection target;
    private final List<Deque<Event>> queues = new ArrayList<>();
    private final Map<RowKey, Fingerprint> believed = new HashMap<>();
    private final Map<Integer, Digest> sums = new HashMap<>();
    private long boundary;

    /** Something on its way through a partition: a row, a deletion (no row), or a mark (no key). */
    private record Event(Optional<RowKey> key, SourcePosition position, Optional<Row> row) {}

    TinyPipeline(Mapper mapper, FingerprintKey fingerprints, String topic, Connections source, Connections target)
            throws SQLException {
        this.source = new SourceId(mapper.source().table().database());
        this.mapper = mapper;
        this.fingerprints = fingerprints;
        this.encoder = CanonicalBytes.of(mapper.target());
        this.topic = topic;
        for (int i = 0; i < PARTITIONS; i++) {
            queues.add(new ArrayDeque<>());
        }
        this.log = source.open();
        this.target = target.open();
        this.target.setAutoCommit(false);
        try (Statement statement = log.createStatement();
                ResultSet results = statement.executeQuery("SELECT lsn - '0/0'::pg_lsn FROM"
                        + " pg_create_logical_replication_slot('tiny', 'test_decoding')")) {
            results.next();
            boundary = results.getLong(1);
        }
    }

    /** Reads the table as it is now, and queues it as a load does: at a position that is safe to be low. */
    void load() throws SQLException {
        SourcePosition low = SourcePosition.postgres(source, boundary, 0);
        try (Statement statement = log.createStatement()) {
            statement.execute("SET DateStyle = 'ISO, YMD'; SET TimeZone = 'UTC'");
            try (ResultSet results = statement.executeQuery(
                    "SELECT * FROM " + mapper.source().table().schema() + "."
                            + mapper.source().table().name())) {
                while (results.next()) {
                    List<Cell> cells = new ArrayList<>();
                    for (Column column : mapper.source().columns()) {
                        String text = results.getString(column.name());
                        cells.add(text == null ? Cell.NULL : PostgresText.parse(column.type(), text));
                    }
                    Row row = new Row(mapper.source(), cells);
                    queue(row.key(), low, mapped(row));
                }
            }
        }
        mark();
    }

    /** Takes what the log has new, at most a few hundred changes, and marks how far that is. */
    void capture() throws SQLException {
        String table = "table " + mapper.source().table().schema() + "."
                + mapper.source().table().name() + ": ";
        long order = 0;
        try (Statement statement = log.createStatement();
                ResultSet results = statement.executeQuery(
                        "SELECT lsn - '0/0'::pg_lsn, data FROM pg_logical_slot_get_changes('tiny'," + " NULL, "
                                + DECODED_MAX + ", 'include-xids', '0')")) {
            while (results.next()) {
                String data = results.getString(2);
                if (data.equals("BEGIN")) {
                    order = 0;
                } else if (data.equals("COMMIT")) {
                    boundary = results.getLong(1);
                } else if (data.startsWith(table)) {
                    order = change(data.substring(table.length()), order);
                }
            }
        }
        mark();
    }

    private long change(String data, long before) {
        long order = before;
        if (data.startsWith("DELETE: ")) {
            queue(key(data), SourcePosition.postgres(source, boundary, ++order), Optional.empty());
            return order;
        }
        int tuple = data.indexOf("new-tuple: ");
        if (tuple >= 0) {
            queue(key(data.substring(0, tuple)), SourcePosition.postgres(source, boundary, ++order), Optional.empty());
        }
        Map<String, String> texts = texts(tuple >= 0 ? data.substring(tuple) : data);
        List<Cell> cells = new ArrayList<>();
        for (Column column : mapper.source().columns()) {
            String text = texts.getOrDefault(column.name(), "null");
            cells.add(text.equals("null") ? Cell.NULL : PostgresText.parse(column.type(), unquoted(text)));
        }
        Row row = new Row(mapper.source(), cells);
        queue(row.key(), SourcePosition.postgres(source, boundary, ++order), mapped(row));
        return order;
    }

    private RowKey key(String data) {
        Map<String, String> texts = texts(data);
        return new RowKey(mapper.source().keyColumns().stream()
                .map(column -> PostgresText.parse(column.type(), unquoted(texts.getOrDefault(column.name(), ""))))
                .toList());
    }

    private static Map<String, String> texts(String data) {
        Map<String, String> texts = new HashMap<>();
        Matcher cells = CELL.matcher(data);
        while (cells.find()) {
            texts.put(cells.group(1), cells.group(2));
        }
        return texts;
    }

    private static String unquoted(String text) {
        return text.startsWith("'") ? text.substring(1, text.length() - 1).replace("''", "'") : text;
    }

    private Optional<Row> mapped(Row row) {
        Outcome<Mapped> outcome = mapper.map(row);
        return outcome.fold(
                mapped -> mapped.fold(made -> Optional.of(made.row()), filtered -> Optional.empty()), rejection -> {
                    throw new IllegalStateException("this test has no row that its mapping rejects");
                });
    }

    private void queue(RowKey key, SourcePosition position, Optional<Row> row) {
        queues.get(Bucket.of(key).partition(PARTITIONS)).add(new Event(Optional.of(key), position, row));
    }

    private void mark() {
        SourcePosition position = SourcePosition.postgres(source, boundary, 0);
        queues.forEach(queue -> queue.add(new Event(Optional.empty(), position, Optional.empty())));
    }

    /** Events on their way. */
    int queued() {
        return queues.stream().mapToInt(Deque::size).sum();
    }

    /** Applies some of what is queued, in one transaction, for a partition of the generator's choice. */
    void apply(RandomGenerator random) throws SQLException {
        int partition = random.nextInt(PARTITIONS);
        apply(partition, random.nextInt(queues.get(partition).size() + 1));
    }

    /** Applies all that is queued. */
    void drain() throws SQLException {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            apply(partition, queues.get(partition).size());
        }
    }

    /** Takes the next event that concerns this key out of the queue, as a pipeline that loses it would. */
    boolean lose(RowKey key) {
        return queues.get(Bucket.of(key).partition(PARTITIONS))
                .removeIf(event -> event.key().equals(Optional.of(key)));
    }

    private void apply(int partition, int events) throws SQLException {
        Optional<SourcePosition> applied = Optional.empty();
        for (int i = 0; i < events; i++) {
            Event event = queues.get(partition).remove();
            if (event.key().isEmpty()) {
                applied = Optional.of(event.position());
            } else {
                apply(event, event.key().get());
            }
        }
        if (applied.isPresent()) {
            update(
                    "INSERT INTO handover.applied (topic, partition, epoch, next_offset, source, position, loaded,"
                            + " updated_at) VALUES (?, ?, 0, 0, ?, ?, true, now()) ON CONFLICT (topic, partition)"
                            + " DO UPDATE SET position = excluded.position",
                    topic,
                    partition,
                    source.name(),
                    applied.get().bytes());
        }
        target.commit();
    }

    private void apply(Event event, RowKey key) throws SQLException {
        Optional<SourcePosition> known = known(key);
        if (known.isPresent() && event.position().compareTo(known.get()) <= 0) {
            return;
        }
        String where = " WHERE " + Identifier.quoted(mapper.target().key().get(0)) + " = ?";
        long id = ((Value.Int) key.values().get(0)).value();
        update("DELETE FROM " + table() + where, id);
        update("DELETE FROM handover.tombstone WHERE key = ?", (Object) CanonicalBytes.key(key));
        Fingerprint fingerprint =
                event.row().map(row -> fingerprints.of(encoder, row)).orElse(null);
        int bucket = Bucket.of(key).number();
        if (event.row().isPresent()) {
            insert(
                    event.row().get(),
                    event.position(),
                    bucket,
                    fingerprints.of(encoder, event.row().get()));
        } else {
            update(
                    "INSERT INTO handover.tombstone VALUES (?, ?, ?, ?, 1, now())",
                    mapper.target().table().shortText(),
                    CanonicalBytes.key(key),
                    (short) bucket,
                    event.position().bytes());
        }
        sum(key, bucket, Optional.ofNullable(fingerprint));
    }

    private void sum(RowKey key, int bucket, Optional<Fingerprint> after) throws SQLException {
        Digest sum = sums.getOrDefault(bucket, Digest.EMPTY);
        Fingerprint before = believed.remove(key);
        if (before != null) {
            sum = sum.minus(before);
        }
        if (after.isPresent()) {
            sum = sum.plus(after.get());
            believed.put(key, after.get());
        }
        sums.put(bucket, sum);
        update(
                "INSERT INTO handover.bucket_state VALUES (?, ?, 1, ?, ?, ?, ?, ?) ON CONFLICT (table_name, bucket)"
                        + " DO UPDATE SET sequence = bucket_state.sequence + 1, rows = excluded.rows,"
                        + " lane1 = excluded.lane1, lane2 = excluded.lane2, lane3 = excluded.lane3,"
                        + " lane4 = excluded.lane4",
                mapper.target().table().shortText(),
                (short) bucket,
                sum.rows(),
                sum.lane1(),
                sum.lane2(),
                sum.lane3(),
                sum.lane4());
    }

    private void insert(Row row, SourcePosition position, int bucket, Fingerprint fingerprint) throws SQLException {
        StringBuilder sql = new StringBuilder("INSERT INTO ").append(table()).append(" VALUES (");
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < row.cells().size(); i++) {
            sql.append("CAST(? AS ")
                    .append(row.schema().columns().get(i).type().postgres())
                    .append("), ");
            values.add(row.cells().get(i) instanceof Value value ? PostgresText.format(value) : Optional.empty());
        }
        sql.append("?, ?, ?, ?, ?, ?, ?)");
        values.add(position.bytes());
        values.add(1);
        values.add((short) bucket);
        values.add(fingerprint.lane1());
        values.add(fingerprint.lane2());
        values.add(fingerprint.lane3());
        values.add(fingerprint.lane4());
        update(sql.toString(), values.toArray());
    }

    private Optional<SourcePosition> known(RowKey key) throws SQLException {
        String sql = "SELECT " + Bookkeeping.POSITION + " FROM " + table() + " WHERE "
                + Identifier.quoted(mapper.target().key().get(0)) + " = ?"
                + " UNION ALL SELECT position FROM handover.tombstone WHERE key = ?";
        try (PreparedStatement statement = target.prepareStatement(sql)) {
            statement.setLong(1, ((Value.Int) key.values().get(0)).value());
            statement.setBytes(2, CanonicalBytes.key(key));
            try (ResultSet results = statement.executeQuery()) {
                return results.next() && results.getBytes(1) != null
                        ? Optional.of(SourcePosition.decode(source, results.getBytes(1)))
                        : Optional.empty();
            }
        }
    }

    private String table() {
        return Identifier.quoted(mapper.target().table().schema()) + "."
                + Identifier.quoted(mapper.target().table().name());
    }

    private void update(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = target.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i] instanceof Optional<?> ? null : values[i]);
            }
            statement.executeUpdate();
        }
    }

    @Override
    public void close() throws SQLException {
        log.close();
        target.close();
    }

    /** A name in quotation marks. */
    private static final class Identifier {
        static String quoted(String name) {
            return '"' + name + '"';
        }
    }
}
