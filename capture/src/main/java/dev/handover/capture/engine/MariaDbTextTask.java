package dev.handover.capture.engine;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import io.debezium.DebeziumException;
import io.debezium.bean.StandardBeanNames;
import io.debezium.config.CommonConnectorConfig;
import io.debezium.config.Configuration;
import io.debezium.config.Field;
import io.debezium.connector.base.ChangeEventQueue;
import io.debezium.connector.base.DefaultQueueProvider;
import io.debezium.connector.binlog.BinlogEventMetadataProvider;
import io.debezium.connector.binlog.BinlogSourceTask;
import io.debezium.connector.binlog.jdbc.BinlogConnectorConnection;
import io.debezium.connector.common.CdcSourceTaskContext;
import io.debezium.connector.common.DebeziumHeaderProducer;
import io.debezium.connector.mariadb.MariaDbChangeEventSourceFactory;
import io.debezium.connector.mariadb.MariaDbConnector;
import io.debezium.connector.mariadb.MariaDbConnectorConfig;
import io.debezium.connector.mariadb.MariaDbDatabaseSchema;
import io.debezium.connector.mariadb.MariaDbErrorHandler;
import io.debezium.connector.mariadb.MariaDbOffsetContext;
import io.debezium.connector.mariadb.MariaDbPartition;
import io.debezium.connector.mariadb.MariaDbTaskContext;
import io.debezium.connector.mariadb.jdbc.MariaDbConnection;
import io.debezium.connector.mariadb.jdbc.MariaDbConnectionConfiguration;
import io.debezium.connector.mariadb.jdbc.MariaDbFieldReader;
import io.debezium.connector.mariadb.metrics.MariaDbChangeEventSourceMetricsFactory;
import io.debezium.connector.mariadb.metrics.MariaDbStreamingChangeEventSourceMetrics;
import io.debezium.document.DocumentReader;
import io.debezium.heartbeat.HeartbeatFactory;
import io.debezium.jdbc.DefaultMainConnectionProvidingConnectionFactory;
import io.debezium.jdbc.MainConnectionProvidingConnectionFactory;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import io.debezium.pipeline.DataChangeEvent;
import io.debezium.pipeline.ErrorHandler;
import io.debezium.pipeline.EventDispatcher;
import io.debezium.pipeline.notification.NotificationService;
import io.debezium.pipeline.signal.SignalProcessor;
import io.debezium.pipeline.source.spi.StreamingChangeEventSource;
import io.debezium.pipeline.spi.Offsets;
import io.debezium.relational.CustomConverterRegistry;
import io.debezium.relational.TableId;
import io.debezium.schema.SchemaFactory;
import io.debezium.snapshot.SnapshotterService;
import io.debezium.spi.topic.TopicNamingStrategy;
import io.debezium.util.Clock;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * A task of Debezium's parts for MariaDB, put together with our own reader of row events and our own conversion of
 * values, which its own task has no place for; made by the connector.
 */
@SuppressWarnings("NullAway.Init") // the engine calls preStart, then start, then the others
public final class MariaDbTextTask extends BinlogSourceTask<MariaDbPartition, MariaDbOffsetContext> {
    private MariaDbConnectorConfig config;
    private MariaDbTaskContext task;
    private volatile ChangeEventQueue<DataChangeEvent> queue;
    private volatile ErrorHandler errors;
    private volatile @Nullable BinlogConnectorConnection main;
    private volatile @Nullable BinlogConnectorConnection second;
    private volatile @Nullable MariaDbDatabaseSchema schema;

    /** Streams by file and position, whatever the server does about GTIDs: our positions are those. */
    private static final class ByPosition extends MariaDbConnection {
        ByPosition(Configuration properties, MariaDbConnectorConfig config) {
            super(new MariaDbConnectionConfiguration(properties), new MariaDbFieldReader(config));
        }

        @Override
        public boolean isGtidModeEnabled() {
            return false;
        }
    }

    @Override
    public String version() {
        return new MariaDbConnector().version();
    }

    @Override
    protected String connectorName() {
        return "mariadb";
    }

    @Override
    protected Iterable<Field> getAllConfigurationFields() {
        return MariaDbConnectorConfig.ALL_FIELDS;
    }

    @Override
    public CdcSourceTaskContext<? extends CommonConnectorConfig> preStart(Configuration properties) {
        config = new MariaDbConnectorConfig(properties);
        task = new MariaDbTaskContext(properties, config);
        return task;
    }

    @Override
    protected ChangeEventSourceCoordinator<MariaDbPartition, MariaDbOffsetContext> start(Configuration given) {
        Configuration properties = given.edit()
                .withDefault("database.responseBuffering", "adaptive")
                .withDefault("database.fetchSize", 1_000)
                .build();
        MainConnectionProvidingConnectionFactory<BinlogConnectorConnection> connections =
                new DefaultMainConnectionProvidingConnectionFactory<>(() -> new ByPosition(properties, config));
        BinlogConnectorConnection connection = connections.mainConnection();
        main = connection;
        Offsets<MariaDbPartition, MariaDbOffsetContext> offsets = getPreviousOffsets(
                new MariaDbPartition.Provider(config, properties), new MariaDbOffsetContext.Loader(config));
        registerServiceProviders(config.getServiceRegistry());
        MariaDbTextConverters converters =
                new MariaDbTextConverters(config, new CodeTables(connections::newConnection));
        @SuppressWarnings("unchecked") // its one type argument is the connector's
        TopicNamingStrategy<TableId> names = config.getTopicNamingStrategy(CommonConnectorConfig.TOPIC_NAMING_STRATEGY);
        MariaDbDatabaseSchema tables = new MariaDbDatabaseSchema(
                config,
                converters,
                names,
                config.schemaNameAdjuster(),
                connection.isTableIdCaseSensitive(),
                config.getServiceRegistry().tryGetService(CustomConverterRegistry.class),
                task);
        schema = tables;
        beans(properties, connections, offsets, converters, tables);
        SnapshotterService snapshots = config.getServiceRegistry().tryGetService(SnapshotterService.class);
        validateBinlogConfiguration(snapshots.getSnapshotter(), connection);
        validateSchemaHistory(config, connection::validateLogPosition, offsets, tables, snapshots.getSnapshotter());
        try {
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            throw new DebeziumException("cannot prepare the connection", e);
        }
        queue = new ChangeEventQueue.Builder<DataChangeEvent>()
                .pollInterval(config.getPollInterval())
                .maxBatchSize(config.getMaxBatchSize())
                .maxQueueSize(config.getMaxQueueSize())
                .maxQueueSizeInBytes(config.getMaxQueueSizeInBytes())
                .queueProvider(new DefaultQueueProvider<>(config.getMaxQueueSize()))
                .loggingContextSupplier(() -> task.configureLoggingContext("handover-mariadb"))
                .buffering()
                .build();
        errors = new MariaDbErrorHandler(config, queue, errors);
        return coordinator(connections, offsets, names, tables, snapshots);
    }

    private void beans(
            Configuration properties,
            MainConnectionProvidingConnectionFactory<BinlogConnectorConnection> connections,
            Offsets<MariaDbPartition, MariaDbOffsetContext> offsets,
            MariaDbTextConverters converters,
            MariaDbDatabaseSchema tables) {
        BinlogConnectorConnection bean = connections.newConnection();
        second = bean;
        config.getBeanRegistry().add(StandardBeanNames.CONFIGURATION, properties);
        config.getBeanRegistry().add(StandardBeanNames.CONNECTOR_CONFIG, config);
        config.getBeanRegistry().add(StandardBeanNames.DATABASE_SCHEMA, tables);
        config.getBeanRegistry().add(StandardBeanNames.JDBC_CONNECTION, bean);
        config.getBeanRegistry().add(StandardBeanNames.VALUE_CONVERTER, converters);
        config.getBeanRegistry().add(StandardBeanNames.OFFSETS, offsets);
        config.getBeanRegistry().add(StandardBeanNames.CDC_SOURCE_TASK_CONTEXT, task);
    }

    private ChangeEventSourceCoordinator<MariaDbPartition, MariaDbOffsetContext> coordinator(
            MainConnectionProvidingConnectionFactory<BinlogConnectorConnection> connections,
            Offsets<MariaDbPartition, MariaDbOffsetContext> offsets,
            TopicNamingStrategy<TableId> names,
            MariaDbDatabaseSchema tables,
            SnapshotterService snapshots) {
        BinlogEventMetadataProvider metadata = new BinlogEventMetadataProvider();
        SignalProcessor<MariaDbPartition, MariaDbOffsetContext> signals = new SignalProcessor<>(
                MariaDbConnector.class,
                config,
                Map.of(),
                getAvailableSignalChannels(),
                DocumentReader.defaultReader(),
                offsets);
        EventDispatcher<MariaDbPartition, TableId> dispatcher = new EventDispatcher<>(
                config,
                names,
                tables,
                queue,
                config.getTableFilters().dataCollectionFilter(),
                DataChangeEvent::new,
                null,
                metadata,
                new HeartbeatFactory<>()
                        .getScheduledHeartbeat(
                                config, connections::newConnection, new BinlogHeartbeatErrorHandler(), queue),
                config.schemaNameAdjuster(),
                signals,
                config.getServiceRegistry().tryGetService(DebeziumHeaderProducer.class));
        BinaryLogClient client =
                new BinaryLogClient(config.getHostName(), config.getPort(), config.getUserName(), config.getPassword());
        MariaDbStreamingChangeEventSourceMetrics metrics =
                new MariaDbStreamingChangeEventSourceMetrics(task, queue, metadata, tables::dataCollectionIds, client);
        ChangeEventSourceCoordinator<MariaDbPartition, MariaDbOffsetContext> coordinator =
                new ChangeEventSourceCoordinator<>(
                        offsets,
                        errors,
                        MariaDbConnector.class,
                        config,
                        sources(connections, dispatcher, tables, metrics, snapshots, client),
                        new MariaDbChangeEventSourceMetricsFactory(metrics),
                        dispatcher,
                        tables,
                        signals,
                        new NotificationService<>(
                                getNotificationChannels(),
                                config,
                                SchemaFactory.get(),
                                dispatcher::enqueueNotification),
                        snapshots);
        coordinator.start(task, queue, metadata);
        return coordinator;
    }

    private MariaDbChangeEventSourceFactory sources(
            MainConnectionProvidingConnectionFactory<BinlogConnectorConnection> connections,
            EventDispatcher<MariaDbPartition, TableId> dispatcher,
            MariaDbDatabaseSchema tables,
            MariaDbStreamingChangeEventSourceMetrics metrics,
            SnapshotterService snapshots,
            BinaryLogClient client) {
        return new MariaDbChangeEventSourceFactory(
                config,
                connections,
                errors,
                dispatcher,
                Clock.system(),
                tables,
                task,
                metrics,
                queue,
                snapshots,
                client) {
            @Override
            public StreamingChangeEventSource<MariaDbPartition, MariaDbOffsetContext> getStreamingChangeEventSource() {
                queue.disableBuffering();
                return new MariaDbTextStream(
                        config,
                        connections.mainConnection(),
                        dispatcher,
                        errors,
                        task,
                        tables,
                        metrics,
                        snapshots,
                        client);
            }
        };
    }

    @Override
    protected List<SourceRecord> doPoll() throws InterruptedException {
        return queue.poll().stream().map(DataChangeEvent::getRecord).toList();
    }

    @Override
    protected Optional<ErrorHandler> getErrorHandler() {
        return Optional.ofNullable(errors);
    }

    @Override
    protected void doStop() {
        close(main);
        close(second);
        MariaDbDatabaseSchema tables = schema;
        if (tables != null) {
            tables.close();
        }
    }

    private static void close(@Nullable BinlogConnectorConnection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            // It is closed as far as we can; the server ends it with the socket.
            return;
        }
    }
}
