package dev.handover.deploy.pipeline;

import dev.handover.capture.BulkLoad;
import dev.handover.capture.CaptureConfig;
import dev.handover.capture.LoadConfig;
import dev.handover.capture.SourceEngine;
import dev.handover.capture.TableSelection;
import dev.handover.capture.catalog.Inventory;
import dev.handover.capture.engine.CaptureRole;
import dev.handover.capture.load.Loaders;
import dev.handover.control.ControlSchema;
import dev.handover.deploy.config.FindingLimit;
import dev.handover.deploy.config.KafkaConfig;
import dev.handover.deploy.config.Mappings;
import dev.handover.deploy.config.PipelineConfig;
import dev.handover.deploy.config.Secrets;
import dev.handover.deploy.config.SinkConfig;
import dev.handover.deploy.config.SourceConfig;
import dev.handover.deploy.config.TableConfig;
import dev.handover.deploy.config.TlsConfig;
import dev.handover.digest.FingerprintKey;
import dev.handover.drift.DriftPolicy;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.fault.Retry;
import dev.handover.mapping.TableMapping;
import dev.handover.reconciler.watch.WatchLedger;
import dev.handover.reconciler.watch.WatchRole;
import dev.handover.role.Role;
import dev.handover.row.TableId;
import dev.handover.sink.FindingWatch;
import dev.handover.sink.SinkRole;
import dev.handover.sink.Transactions;
import dev.handover.sink.archive.ArchiveConfig;
import dev.handover.sink.batch.FindingLimits;
import dev.handover.sink.batch.FindingLimits.Bound;
import dev.handover.sink.batch.FindingLimits.Limit;
import dev.handover.sink.postgres.ControlTables;
import dev.handover.sink.postgres.TargetDatabase;
import dev.handover.transform.TransformConfig;
import dev.handover.transform.topology.TransformRole;
import dev.handover.transform.version.VersionLog;
import dev.handover.wire.HttpSchemaRegistry;
import dev.handover.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a pipeline file says, as the configuration of each module. It opens nothing; secrets are read when asked for.
 */
public final class Assembly {
    /** Of source and target. */
    private static final Duration CLOCKS_APART_MAX = Duration.ofMinutes(1);

    private static final int BATCH_EVENTS_MAX = 2_048;
    private static final Duration MARK_INTERVAL = Duration.ofSeconds(1);
    private static final int FINGERPRINT_KEY_BYTES_MIN = 32;

    private final PipelineConfig pipeline;
    private final Mappings mappings;
    private final Secrets secrets;
    private final Path stateDirectory;
    private final InstantSource clock;

    /** @param stateDirectory for caches that may be lost: RocksDB, spilled digests */
    public Assembly(PipelineConfig pipeline, Secrets secrets, Path stateDirectory, InstantSource clock) {
        this.pipeline = pipeline;
        this.mappings = new Mappings(pipeline);
        this.secrets = secrets;
        this.stateDirectory = stateDirectory;
        this.clock = clock;
    }

    public PipelineConfig pipeline() {
        return pipeline;
    }

    public Topics topics() {
        return new Topics(pipeline.topicPrefix());
    }

    /** Partitions of every topic of changes. */
    public int partitions() {
        return pipeline.kafka().topics().partitions();
    }

    Path stateDirectory() {
        return stateDirectory;
    }

    public InstantSource clock() {
        return clock;
    }

    /** The properties that all clients of Kafka share. */
    public Map<String, String> kafka() {
        return pipeline.kafka().clientProperties(secrets);
    }

    public HttpSchemaRegistry registry() {
        return new HttpSchemaRegistry(
                pipeline.registry().url(), pipeline.registry().compatibility().spelling());
    }

    /** @throws Fault {@code digest-key-short} */
    public FingerprintKey fingerprints() {
        byte[] key = secrets.resolve(pipeline.digest().key()).reveal().getBytes(StandardCharsets.UTF_8);
        if (key.length < FINGERPRINT_KEY_BYTES_MIN) {
            throw Fault.of(
                    ExitCode.USAGE,
                    "digest-key-short",
                    "digest.key has " + key.length + " bytes",
                    "it needs at least 32 random bytes, such as: openssl rand -hex 32");
        }
        return FingerprintKey.of(key);
    }

    /** The roles of that name: one for each source where it is capture, else one. */
    public List<Role> roles(RoleName name) {
        return switch (name) {
            case CAPTURE -> pipeline.sources().stream().map(this::capture).toList();
            case TRANSFORM -> List.of(new TransformRole(transform(), registry(), fingerprints(), versions(), clock));
            case SINK -> List.of(new SinkRole(sink(), registry(), clock), watch());
            case TAP -> new Taps(this).roles();
        };
    }

    /** Beside the sink: it reads what the sink writes, and no other server. */
    private WatchRole watch() {
        return new WatchRole(
                new Comparison(this).targetDatabase(),
                new WatchLedger(target()::open),
                fingerprints(),
                partitions(),
                pipeline.reconcile().watch(),
                CLOCKS_APART_MAX,
                clock);
    }

    /** What the watch last saw of each target table. @throws Fault when the target does not answer */
    List<WatchLedger.Entry> watched() {
        TargetDatabase target = target();
        try {
            return new WatchLedger(target::open).read();
        } catch (SQLException e) {
            throw target.fault(e);
        }
    }

    /** Lets sources whose tap is switched off forget its slot; what does not answer is asked at the next start. */
    public void forgetTaps() {
        new Taps(this).forget();
    }

    private Role capture(SourceConfig source) {
        return capture(source, bulkLoad());
    }

    /** The way of loads past the log. */
    public BulkLoad bulkLoad() {
        return new TargetLoad(this, new FindingWatch(findingLimits()));
    }

    /** Capture of a source, whose loads go past the log so. */
    public CaptureRole capture(SourceConfig source, BulkLoad bulk) {
        return new CaptureRole(
                captureConfig(source), inventory(source), Loaders.of(source(source)), bulk, registry(), clock);
    }

    CaptureConfig captureConfig(SourceConfig source) {
        return new CaptureConfig(
                topics(),
                source(source),
                mappings(source.name()),
                pipeline.targetSchema(),
                partitions(),
                pipeline.kafka().topics().replication(),
                pipeline.kafka().topics().minInsync(),
                pipeline.kafka().topics().retention(),
                kafka(),
                heartbeat(source),
                markInterval(),
                BATCH_EVENTS_MAX,
                new LoadConfig(
                        source.load().fetchRows(),
                        source.load().maxConnections(),
                        source.load().chunkRows(),
                        source.load().maxRowsPerSecond(),
                        source.load().conditions()),
                drift(),
                pipeline.drift());
    }

    /** Where transactions are to be whole, the last one before a quiet time waits for a heartbeat. */
    private Duration heartbeat(SourceConfig source) {
        Duration heartbeat = source.postgres().heartbeat();
        return wholeTransactions() && heartbeat.compareTo(MARK_INTERVAL) > 0 ? MARK_INTERVAL : heartbeat;
    }

    private Duration markInterval() {
        return wholeTransactions() ? pipeline.sinks().get(0).write().markTime() : MARK_INTERVAL;
    }

    private boolean wholeTransactions() {
        return pipeline.sinks().get(0).transactions() == SinkConfig.Transactions.SOURCE;
    }

    private Map<TableId, DriftPolicy> drift() {
        Map<TableId, DriftPolicy> drift = new HashMap<>();
        for (TableConfig table : pipeline.tables()) {
            drift.put(TableId.parse(table.from()), pipeline.drift(table.from()));
        }
        return drift;
    }

    /** What a source says about its tables, under the keys that the file declares. */
    public Inventory inventory(SourceConfig source) {
        return Inventory.of(source(source), declaredKeys(source.name()));
    }

    /** The mappings that the file declares of one source's tables. */
    public List<TableMapping> mappings(String source) {
        return pipeline.tables().stream()
                .filter(table -> table.source().equals(source))
                .map(table -> TableId.parse(table.from()))
                .distinct()
                .flatMap(table -> mappings.of(table).stream())
                .toList();
    }

    /** What the file says about tables, with its maps read once. */
    public Mappings mappings() {
        return mappings;
    }

    /** The mappings of any source table, one for each target: as declared, or a copy. */
    public List<TableMapping> mappings(TableId table) {
        return mappings.of(table);
    }

    /** By source table, the source columns of the key that the file declares, which it writes as target columns. */
    Map<TableId, List<String>> declaredKeys(String source) {
        Map<TableId, List<String>> keys = new LinkedHashMap<>();
        for (TableConfig table : pipeline.tables()) {
            if (table.source().equals(source) && !table.key().isEmpty()) {
                List<String> columns = new ArrayList<>();
                for (String target : table.key()) {
                    columns.add(Optional.ofNullable(table.columns().get(target))
                            .flatMap(TableConfig.Column::from)
                            .orElse(target));
                }
                keys.put(TableId.parse(table.from()), columns);
            }
        }
        return keys;
    }

    /** The tables of a source that are captured. */
    static TableSelection selection(SourceConfig source) {
        return new TableSelection(source.include(), source.exclude());
    }

    /** A source as capture's modules want it, with its password. */
    public dev.handover.capture.SourceConfig source(SourceConfig source) {
        String name = pipeline.metadata().name();
        return new dev.handover.capture.SourceConfig(
                source.name(),
                switch (source.kind()) {
                    case POSTGRES -> SourceEngine.POSTGRESQL;
                    case MARIADB -> SourceEngine.MARIADB;
                    case MYSQL -> SourceEngine.MYSQL;
                    case SQLSERVER -> SourceEngine.SQL_SERVER;
                    case ORACLE -> SourceEngine.ORACLE;
                },
                source.host(),
                source.portOrUsual(),
                source.database(),
                source.user(),
                secrets.resolve(source.password()).reveal(),
                tls(source.tls()),
                source.tls().ca().orElse(""),
                source.postgres().slotOf(name, source.name()),
                source.postgres().publicationOf(name, source.name()),
                source.mariadb().map(mariadb -> (int) mariadb.serverId()).orElse(0),
                source.mariadb().map(SourceConfig.Mariadb::epoch).orElse(0),
                source.clock().zone(),
                selection(source),
                Map.of());
    }

    private static dev.handover.capture.SourceConfig.Tls tls(TlsConfig tls) {
        return switch (tls.mode()) {
            case DISABLE -> dev.handover.capture.SourceConfig.Tls.DISABLED;
            case REQUIRE -> dev.handover.capture.SourceConfig.Tls.REQUIRED;
            case VERIFY_CA -> dev.handover.capture.SourceConfig.Tls.VERIFY_CA;
            case VERIFY_FULL -> dev.handover.capture.SourceConfig.Tls.VERIFY_FULL;
        };
    }

    /** Where the versions of mappings are written down. */
    VersionLog versions() {
        KafkaConfig.Topics wanted = pipeline.kafka().topics();
        return new VersionLog(kafka(), topics(), wanted.replication(), wanted.minInsync(), clock);
    }

    TransformConfig transform() {
        List<TableMapping> mappings = new ArrayList<>();
        pipeline.sources().forEach(source -> mappings.addAll(mappings(source.name())));
        return TransformConfig.of(
                topics(),
                partitions(),
                pipeline.targetSchema(),
                mappings,
                stateDirectory.resolve("transform"),
                kafka());
    }

    private dev.handover.sink.SinkConfig sink() {
        SinkConfig sink = onlySink();
        return new dev.handover.sink.SinkConfig(
                pipeline.topicPrefix(),
                target(),
                kafka(),
                sink.write().batchRows(),
                dev.handover.sink.SinkConfig.BYTES_MAX,
                sink.write().batchTime(),
                dev.handover.sink.SinkConfig.TOPICS_WAIT_MAX,
                Retry.USUAL,
                dev.handover.sink.SinkConfig.COPY_ROWS_MIN,
                archive(),
                Optional.of(pipeline.topicPrefix() + "-sink-1"),
                findingLimits(),
                wholeTransactions() ? Transactions.SOURCE : Transactions.BATCH,
                sink.write().heldBytes().bytes());
    }

    /** How often each kind of finding is allowed, as the file says. */
    public FindingLimits findingLimits() {
        List<Limit> limits = new ArrayList<>();
        for (TableConfig table : pipeline.tables()) {
            TableMapping mapping = mappings.declared(TableId.parse(table.from()), table);
            table.columns().forEach((column, how) -> how.limits()
                    .forEach((kind, limit) -> limits.add(limit(mapping, column, kind, limit))));
            table.limits().forEach((kind, limit) -> limits.add(limit(mapping, "", kind, limit)));
        }
        return new FindingLimits(limits);
    }

    private static Limit limit(TableMapping mapping, String column, String kind, FindingLimit limit) {
        return new Limit(
                mapping.target(),
                mapping.source(),
                mapping.version(),
                column,
                FindingLimit.kind(kind),
                limit.warn().map(Bound::parse),
                limit.stop().map(Bound::parse));
    }

    /**
     * Where raw values go that are not kept beside their rows; empty where no table asks for it.
     *
     * @throws Fault when a table asks for it and the file has no archive
     */
    public Optional<ArchiveConfig> archive() {
        Set<TableId> tables = new HashSet<>();
        for (SourceConfig source : pipeline.sources()) {
            mappings(source.name()).stream()
                    .filter(mapping -> mapping.raw() == TableMapping.RawPlace.ARCHIVE)
                    .forEach(mapping -> tables.add(mapping.target()));
        }
        if (tables.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(archive(
                pipeline.archive()
                        .orElseThrow(() -> Fault.of(
                                ExitCode.USAGE,
                                "archive-missing",
                                "tables archive their raw values, and the file has no archive",
                                "describe the bucket under archive, or write raw: inline")),
                tables));
    }

    /** Where the rows go that loads read; empty where the file has no archive or does not want them there. */
    public Optional<ArchiveConfig> loadArchive() {
        return pipeline.archive()
                .filter(dev.handover.deploy.config.ArchiveConfig::loads)
                .map(archive -> archive(archive, Set.of()));
    }

    private ArchiveConfig archive(dev.handover.deploy.config.ArchiveConfig archive, Set<TableId> tables) {
        return new ArchiveConfig(
                archive.endpoint(),
                archive.region(),
                archive.bucket(),
                archive.prefix(),
                archive.accessKey()
                        .map(key -> new ArchiveConfig.Credentials(
                                secrets.resolve(key).reveal(),
                                secrets.resolve(archive.secretKey().orElseThrow())
                                        .reveal())),
                tables);
    }

    /** The target, with its password. */
    public TargetDatabase target() {
        SinkConfig sink = onlySink();
        Map<String, String> properties = new HashMap<>();
        properties.put(
                "sslmode",
                sink.tls().mode().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
        sink.tls().ca().ifPresent(file -> properties.put("sslrootcert", file));
        return new TargetDatabase(
                sink.jdbcUrl(),
                sink.user(),
                secrets.resolve(sink.password()).reveal(),
                properties,
                TargetDatabase.STATEMENT_TIMEOUT,
                TargetDatabase.LOCK_TIMEOUT);
    }

    /**
     * Refuses when no sink has worked on the target yet, so that there is nothing to read.
     *
     * @throws Fault {@code not-started}, or as {@link ControlTables#present}
     */
    public void requireStarted() {
        if (!ControlTables.present(target())) {
            throw Fault.of(
                    ExitCode.CONFLICT,
                    "not-started",
                    "nothing has run yet: the target has no schema \"" + ControlSchema.NAME + "\"",
                    "start the pipeline first: handover run");
        }
    }

    /** Every secret that cannot be read, as the fault that reading it would be. */
    public List<Fault> unresolvedSecrets() {
        return secrets.unresolved(pipeline);
    }

    SinkConfig onlySink() {
        if (pipeline.sinks().size() != 1) {
            throw Fault.of(
                    ExitCode.USAGE,
                    "sinks-many",
                    "the pipeline has " + pipeline.sinks().size() + " sinks",
                    "this version writes to one PostgreSQL: keep one entry under sinks");
        }
        return pipeline.sinks().get(0);
    }
}
