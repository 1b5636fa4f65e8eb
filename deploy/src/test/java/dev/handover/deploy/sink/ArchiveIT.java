package dev.handover.deploy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.handover.control.Bookkeeping;
import dev.handover.deploy.stack.Artifacts;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.deploy.stack.ObjectServer;
import dev.handover.deploy.stack.ServerProcess;
import dev.handover.deploy.stack.StateDirectory;
import dev.handover.fault.Fault;
import dev.handover.fault.Retry;
import dev.handover.row.TableSchema;
import dev.handover.sink.archive.ArchiveConfig;
import dev.handover.sink.archive.RawArchive;
import dev.handover.sink.archive.S3ObjectStore;
import dev.handover.sink.batch.Batch;
import dev.handover.sink.batch.History;
import dev.handover.sink.postgres.PostgresSink;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Raw values in a bucket, on a real server of objects, named by rows in a real database. */
class ArchiveIT {
    private static final Map<String, String> RAW = Map.of("dob", "0000-00-00", "name", "a\0b");

    private static final Retry ONCE = new Retry(1, Duration.ZERO, Duration.ZERO);
    private static final Retry PATIENT = new Retry(300, Duration.ofMillis(100), Duration.ofMillis(200));
    /** Longer than the client itself goes on trying. */
    private static final int AWAY_S = 5;

    private static final int BACK_MAX_S = 60;

    @Test
    void rawValuesAreInTheBucketBeforeTheirRowsNameThem(@TempDir Path directory) throws Exception {
        Artifacts artifacts = Artifacts.in(Artifacts.sharedCache(System.getenv()), System.out::println);
        try (Clinic clinic = new Clinic(directory.resolve("target"));
                StateDirectory state = StateDirectory.open(directory.resolve("objects"));
                ServerProcess<Endpoints.Objects> server = ObjectServer.start(state, artifacts)) {
            TableSchema schema = History.patients(clinic.schema());
            ArchiveConfig config = config(server.endpoint(), schema);
            History history = new History(schema).raw(RAW);
            Batch first = history.upsert(1, 1, "Ann").batch();
            try (RawArchive archive = new RawArchive(new S3ObjectStore(config, ONCE), config.tables());
                    PostgresSink sink = new PostgresSink(
                            clinic.target(), Clinic.RETRY, 1, Optional.of(archive), InstantSource.system())) {
                sink.claim(new TreeSet<>(history.partitions()));
                sink.apply(first);
                Map<String, String> kept = kept(clinic, schema, 1);
                assertThat(kept).containsOnlyKeys(Bookkeeping.ARCHIVED);
                assertThat(archive.raw(kept)).isEqualTo(RAW);

                server.kill();
                assertThatThrownBy(() -> sink.apply(history.upsert(2, 2, "Ben").batch()))
                        .isInstanceOfSatisfying(
                                Fault.class, fault -> assertThat(fault.code()).isEqualTo("archive-unreachable"));
                assertThat(clinic.one("SELECT count(*) FROM " + name(schema)))
                        .as("no row without its raw values")
                        .isEqualTo("1");
                server.restart();
                // the same values once more: the object is there already
                archive.stored(first);
                assertThat(archive.raw(kept)).isEqualTo(RAW);
            }
        }
    }

    @Test
    void aStoreThatComesBackIsWaitedFor(@TempDir Path directory) throws Exception {
        Artifacts artifacts = Artifacts.in(Artifacts.sharedCache(System.getenv()), System.out::println);
        try (StateDirectory state = StateDirectory.open(directory.resolve("objects"));
                ServerProcess<Endpoints.Objects> server = ObjectServer.start(state, artifacts)) {
            ArchiveConfig config = config(server.endpoint(), History.patients("clinic"));
            byte[] object = {4, 2};
            try (S3ObjectStore store = new S3ObjectStore(config, PATIENT)) {
                server.kill();
                CompletableFuture<Void> put = CompletableFuture.runAsync(() -> store.put("raw/late", object));
                assertThatThrownBy(() -> put.get(AWAY_S, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
                server.restart();
                put.get(BACK_MAX_S, TimeUnit.SECONDS);
                assertThat(store.get("raw/late")).isEqualTo(object);
            }
        }
    }

    private static ArchiveConfig config(Endpoints.Objects endpoint, TableSchema schema) {
        return new ArchiveConfig(
                Optional.of(endpoint.url()),
                endpoint.region(),
                endpoint.bucket(),
                "demo",
                Optional.of(new ArchiveConfig.Credentials(
                        endpoint.accessKey(), endpoint.secretKey().text())),
                Set.of(schema.table()));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> kept(Clinic clinic, TableSchema schema, long id) throws Exception {
        String json = clinic.one("SELECT " + Bookkeeping.RAW + " FROM " + name(schema) + " WHERE id = " + id);
        return new ObjectMapper().readValue(json, Map.class);
    }

    private static String name(TableSchema schema) {
        return "\"" + schema.table().schema() + "\".\"" + schema.table().name() + "\"";
    }
}
