package dev.handover.capture.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.handover.capture.Boundary;
import dev.handover.capture.ChunkReader.ChunkPlan;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.position.SourceId;
import dev.handover.position.SourcePosition;
import dev.handover.row.TableId;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The entries of one source in the state topic, as keys and JSON values. Pure. */
final class Ledger {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
    private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};

    private final SourceId source;
    private final Map<String, String> entries;

    Ledger(SourceId source, Map<String, String> entries) {
        this.source = source;
        this.entries = Map.copyOf(entries);
    }

    /**
     * Where this source's first run began.
     *
     * @param identity of the server
     * @param low the stamp that any load may use
     * @param catalog fingerprint of the tables as they were then
     */
    record Origin(String identity, SourcePosition low, String catalog) {}

    String intentKey() {
        return "capture/" + source + "/intent";
    }

    String originKey() {
        return "capture/" + source + "/origin";
    }

    String boundaryKey() {
        return "capture/" + source + "/boundary";
    }

    String historyKey() {
        return "capture/" + source + "/history";
    }

    /** Where people say that loads are to wait. */
    String pauseKey() {
        return "capture/" + source + "/pause";
    }

    /** Where capture says that its load waits. */
    String heldKey() {
        return "capture/" + source + "/held";
    }

    /** Since when people want loads to wait; empty where they do not. */
    Optional<Instant> paused() {
        return Optional.ofNullable(entries.get(pauseKey()))
                .map(this::read)
                .map(value -> Instant.parse(text(value, "since")));
    }

    /** The entry that asks loads to wait. */
    static String pause(Instant since) {
        return json(Map.of("since", since.toString()));
    }

    /** Why the load waits, or waited when capture was killed. */
    Optional<LoadHold> held() {
        return Optional.ofNullable(entries.get(heldKey()))
                .map(this::read)
                .map(value -> new LoadHold(text(value, "why"), Instant.parse(text(value, "since"))));
    }

    static String write(LoadHold held) {
        return json(Map.of("why", held.why(), "since", held.since().toString()));
    }

    private String requestPrefix() {
        return "capture/" + source + "/request/";
    }

    /** Where people ask for a table to be loaded again. */
    String requestKey(TableId table) {
        return requestPrefix() + table.text();
    }

    /** Where capture says how far that is. */
    String reloadKey(TableId table) {
        return "capture/" + source + "/reload/" + table.text();
    }

    /** Whether people write under a key what they want of a capture that runs. */
    boolean wish(String key) {
        return key.equals(pauseKey()) || key.startsWith(requestPrefix());
    }

    /** The table of a {@link #requestKey}. */
    TableId requested(String key) {
        return TableId.parse(key.substring(requestPrefix().length()));
    }

    static String write(Reload.Request request) {
        return json(Map.of("at", request.at().toString(), "reason", request.reason()));
    }

    /** What {@link #write(Reload.Request)} wrote. */
    Reload.Request request(String json) {
        Map<String, Object> value = read(json);
        return new Reload.Request(Instant.parse(text(value, "at")), text(value, "reason"));
    }

    /** The entry that says how far a load is; it names the request that it is for. */
    static String write(Reload reload) {
        return json(Map.of(
                "asked", reload.request().at().toString(),
                "stage", reload.stage().name(),
                "at", reload.at().toString(),
                "rows", String.valueOf(reload.rows()),
                "why", reload.why()));
    }

    /** The tables that people asked to be loaded again, the last time for each. */
    List<Reload> reloads() {
        Set<TableId> tables = new TreeSet<>();
        entries.keySet().stream()
                .filter(key -> key.startsWith(requestPrefix()))
                .forEach(key -> tables.add(requested(key)));
        return tables.stream().map(this::reload).toList();
    }

    private Reload reload(TableId table) {
        Reload requested = Reload.requested(table, request(entries.getOrDefault(requestKey(table), "")));
        return Optional.ofNullable(entries.get(reloadKey(table)))
                .map(this::read)
                .filter(value -> Instant.parse(text(value, "asked"))
                        .equals(requested.request().at()))
                .map(value -> new Reload(
                        table,
                        requested.request(),
                        Reload.Stage.valueOf(text(value, "stage")),
                        Instant.parse(text(value, "at")),
                        Long.parseLong(text(value, "rows")),
                        text(value, "why")))
                .orElse(requested);
    }

    /** Whether the schema's history was completed by an earlier run. */
    boolean history() {
        return entries.containsKey(historyKey());
    }

    String loadedKey(TableId table) {
        return loadedPrefix() + table.text();
    }

    String schemaKey(TableId table) {
        return schemaPrefix(source) + table.text();
    }

    private static String schemaPrefix(SourceId source) {
        return "capture/" + source + "/schema/";
    }

    /** What is remembered of the schemas of tables that were loaded. */
    Map<TableId, RecordedTable> recorded() {
        Map<TableId, RecordedTable> recorded = new TreeMap<>();
        Set<TableId> loaded = loaded();
        entries.forEach((key, json) -> {
            if (key.startsWith(schemaPrefix(source))) {
                TableId table = TableId.parse(key.substring(schemaPrefix(source).length()));
                if (loaded.contains(table)) {
                    recorded.put(table, recorded(table, json));
                }
            }
        });
        return recorded;
    }

    private RecordedTable recorded(TableId table, String json) {
        try {
            return RecordedTable.parse(table, json);
        } catch (IllegalArgumentException e) {
            throw foreign();
        }
    }

    private String loadedPrefix() {
        return "capture/" + source + "/loaded/";
    }

    /** Whether a first run was about to fix its start. */
    boolean intended() {
        return entries.containsKey(intentKey());
    }

    Optional<Origin> origin() {
        return Optional.ofNullable(entries.get(originKey()))
                .map(this::read)
                .map(value -> new Origin(text(value, "identity"), position(value, "low"), text(value, "catalog")));
    }

    Optional<Boundary> boundary() {
        return Optional.ofNullable(entries.get(boundaryKey()))
                .map(this::read)
                .map(value -> new Boundary(
                        position(value, "position"),
                        JSON.convertValue(value.get("offset"), OBJECT),
                        Long.parseLong(text(value, "heartbeat")),
                        Instant.parse(text(value, "committedAt"))));
    }

    Set<TableId> loaded() {
        Set<TableId> tables = new TreeSet<>();
        for (String key : entries.keySet()) {
            if (key.startsWith(loadedPrefix())) {
                tables.add(TableId.parse(key.substring(loadedPrefix().length())));
            }
        }
        return tables;
    }

    /**
     * What is remembered of a load that was completed.
     *
     * @param columns fingerprint of the table's columns as they were loaded
     * @param cut what its snapshot saw; empty where that was the place from which streaming started
     * @param mappingVersion the least under which rows went to the target past the log; 0 where all are in the log
     */
    record Loaded(long rows, String columns, Optional<String> cut, int mappingVersion) {}

    private String planPrefix() {
        return "capture/" + source + "/plan/";
    }

    String planKey(TableId table) {
        return planPrefix() + table.text();
    }

    String chunkKey(TableId table, int chunk) {
        return "capture/" + source + "/chunk/" + table.text() + "/" + chunk;
    }

    /** How a load cut a table into chunks; empty where none did. */
    Optional<ChunkPlan> plan(TableId table) {
        return Optional.ofNullable(entries.get(planKey(table)))
                .map(this::read)
                .map(value -> new ChunkPlan(
                        text(value, "storage"),
                        Boolean.parseBoolean(text(value, "oneSnapshot")),
                        JSON.convertValue(value.get("chunks"), TEXTS)));
    }

    static String write(ChunkPlan plan) {
        return json(Map.of(
                "storage", plan.storage(), "oneSnapshot", String.valueOf(plan.oneSnapshot()), "chunks", plan.chunks()));
    }

    /**
     * How far a chunk is.
     *
     * @param done whether it is loaded
     * @param rows that it has
     * @param mappingVersion under which its rows went to the target past the log; 0 where they go through the log
     */
    record Chunk(boolean done, long rows, int mappingVersion) {
        /** Its rows are to go through the log, some of them may have. */
        static final Chunk BY_ROWS = new Chunk(false, 0, 0);
    }

    /** What is known of a chunk; empty where it was not begun, or broke off. */
    Optional<Chunk> chunk(TableId table, int chunk) {
        return Optional.ofNullable(entries.get(chunkKey(table, chunk)))
                .map(this::read)
                .map(value -> new Chunk(
                        Boolean.parseBoolean(text(value, "done")),
                        Long.parseLong(text(value, "rows")),
                        Integer.parseInt(text(value, "mapping"))));
    }

    /** How far the loads are, of tables that were begun. */
    List<TableLoad> loads() {
        Set<TableId> begun = loaded();
        entries.keySet().stream()
                .filter(key -> key.startsWith(planPrefix()))
                .forEach(key ->
                        begun.add(TableId.parse(key.substring(planPrefix().length()))));
        return begun.stream().map(this::load).toList();
    }

    private TableLoad load(TableId table) {
        int chunks = plan(table).map(plan -> plan.chunks().size()).orElse(0);
        Set<Integer> done = new TreeSet<>();
        int past = 0;
        int byRows = 0;
        long rows = 0;
        for (int number = 0; number < chunks; number++) {
            Optional<Chunk> chunk = chunk(table, number);
            if (chunk.isPresent()) {
                byRows += chunk.get().mappingVersion() == 0 ? 1 : 0;
                rows += chunk.get().rows();
                if (chunk.get().done()) {
                    done.add(number);
                    past += chunk.get().mappingVersion() > 0 ? 1 : 0;
                }
            }
        }
        Optional<Loaded> loaded = loaded(table);
        return new TableLoad(
                table, chunks, done, past, byRows, loaded.map(Loaded::rows).orElse(rows), loaded.isPresent());
    }

    static String write(Chunk chunk) {
        return json(Map.of(
                "done", String.valueOf(chunk.done()),
                "rows", String.valueOf(chunk.rows()),
                "mapping", String.valueOf(chunk.mappingVersion())));
    }

    /** The completed load of a table; empty where there is none. */
    Optional<Loaded> loaded(TableId table) {
        return Optional.ofNullable(entries.get(loadedKey(table)))
                .map(this::read)
                .map(value -> new Loaded(
                        Long.parseLong(String.valueOf(value.get("rows"))),
                        text(value, "columns"),
                        Optional.ofNullable(value.get("cut")).map(String::valueOf),
                        Integer.parseInt(String.valueOf(value.getOrDefault("mapping", "0")))));
    }

    static String write(Loaded loaded) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("rows", loaded.rows());
        value.put("columns", loaded.columns());
        loaded.cut().ifPresent(cut -> value.put("cut", cut));
        if (loaded.mappingVersion() > 0) {
            value.put("mapping", loaded.mappingVersion());
        }
        return json(value);
    }

    static String write(Origin origin) {
        return json(Map.of(
                "identity", origin.identity(),
                "low", HexFormat.of().formatHex(origin.low().bytes()),
                "lowText", origin.low().text(),
                "catalog", origin.catalog()));
    }

    static String write(Boundary boundary) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("position", HexFormat.of().formatHex(boundary.position().bytes()));
        value.put("positionText", boundary.position().text());
        value.put("offset", boundary.offset());
        value.put("heartbeat", String.valueOf(boundary.heartbeat()));
        value.put("committedAt", boundary.committedAt().toString());
        return json(value);
    }

    private Map<String, Object> read(String json) {
        try {
            return JSON.readValue(json, OBJECT);
        } catch (JsonProcessingException e) {
            throw foreign();
        }
    }

    private SourcePosition position(Map<String, Object> value, String field) {
        return SourcePosition.decode(source, HexFormat.of().parseHex(text(value, field)));
    }

    private String text(Map<String, Object> value, String field) {
        if (value.get(field) instanceof String text) {
            return text;
        }
        throw foreign();
    }

    private Fault foreign() {
        return Fault.of(
                ExitCode.CONFLICT,
                "state-foreign",
                "the state topic holds an entry of source \"" + source + "\" that capture did not write",
                "use another pipeline name");
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the ledger is not JSON", e);
        }
    }
}
