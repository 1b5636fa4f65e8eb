package dev.handover.deploy.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.capture.ChunkReader.ChunkPlan;
import dev.handover.deploy.stack.Artifacts;
import dev.handover.deploy.stack.Endpoints;
import dev.handover.deploy.stack.MariaDbServer;
import dev.handover.deploy.stack.ServerProcess;
import dev.handover.deploy.stack.StateDirectory;
import dev.handover.row.RowKey;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table is cut so that each row is in one chunk, whatever its key is made of, and no chunk is much larger. */
class MariaDbChunksIT {
    private static final int CHUNK_ROWS = 100;

    private static StateDirectory state;
    private static ServerProcess<Endpoints.MariaDb> server;
    private static LiveSource source;

    @BeforeAll
    static void start(@TempDir Path directory) throws SQLException {
        state = StateDirectory.open(directory);
        server = MariaDbServer.start(state, Artifacts.in(Artifacts.sharedCache(System.getenv()), line -> {}));
        LiveSource.of(server.endpoint(), "mysql").execute("CREATE DATABASE clinic");
        source = LiveSource.of(server.endpoint(), "clinic");
    }

    @AfterAll
    static void stop() {
        server.close();
        state.close();
    }

    @Test
    void compositeKeysThatAreSkewed() throws SQLException {
        // nine rows of ten are of one facility
        requireCut(
                "CREATE TABLE stay (facility int, ward varchar(20) COLLATE utf8mb4_general_ci, n int,"
                        + " PRIMARY KEY (facility, ward, n))",
                "INSERT INTO stay SELECT IF(seq % 10 = 0, seq % 7, 3), CONCAT('Wärd ', seq % 3, REPEAT('x', seq % 2)), seq"
                        + " FROM seq_1_to_1500",
                "stay",
                1500);
    }

    @Test
    void textsThatACollationHoldsAlikeOrOfWhichOneBeginsAnother() throws SQLException {
        requireCut(
                "CREATE TABLE code (id varchar(40) CHARACTER SET latin1 COLLATE latin1_german2_ci PRIMARY KEY)",
                "INSERT IGNORE INTO code SELECT CONCAT(ELT(seq % 6 + 1, 'ö', 'oe', 'O', '''', '\\\\', '%'),"
                        + " REPEAT(' ', seq % 3), seq DIV 6) FROM seq_1_to_1200",
                "code",
                0);
        requireCut(
                "CREATE TABLE exact (id varchar(40) COLLATE utf8mb4_bin PRIMARY KEY)",
                "INSERT INTO exact SELECT CONCAT(CHAR(0x1F600 + seq % 50 USING utf32), IF(seq % 2, 'a', 'A'), seq)"
                        + " FROM seq_1_to_900",
                "exact",
                900);
    }

    @Test
    void bytesNumbersAndTimes() throws SQLException {
        requireCut(
                "CREATE TABLE hashed (id binary(16) PRIMARY KEY)",
                "INSERT INTO hashed SELECT UNHEX(MD5(seq)) FROM seq_1_to_800",
                "hashed",
                800);
        requireCut(
                "CREATE TABLE amount (a decimal(12,3), d date, t datetime(6), PRIMARY KEY (a, d, t))",
                "INSERT INTO amount SELECT (CAST(seq % 5 AS SIGNED) - 2) * 1.5, '2024-01-01' + INTERVAL seq % 40 DAY,"
                        + " '2024-01-01' + INTERVAL seq * 1000001 MICROSECOND FROM seq_1_to_900",
                "amount",
                900);
        requireCut(
                "CREATE TABLE huge (id bigint unsigned PRIMARY KEY)",
                "INSERT INTO huge SELECT 18446744073709551615 - seq * 3 FROM seq_1_to_700",
                "huge",
                700);
    }

    /** Of which the server's order is not the order of what it prints, or that it does not print exactly. */
    @Test
    void otherKeysAreOneChunkOrAreCutByTheColumnsBeforeThem() throws SQLException {
        source.execute(
                "CREATE TABLE ranked (r enum('z','m','a'), n int, PRIMARY KEY (r, n))",
                "INSERT INTO ranked SELECT seq % 3 + 1, seq FROM seq_1_to_500",
                "CREATE TABLE behind (n int, r enum('z','m','a'), PRIMARY KEY (n, r))",
                "INSERT INTO behind SELECT seq DIV 3, seq % 3 + 1 FROM seq_1_to_600",
                "CREATE TABLE empty (id varchar(9) PRIMARY KEY)");
        assertThat(chunks("ranked")).hasSize(1);
        assertThat(chunks("behind")).hasSizeBetween(5, 8);
        assertThat(chunks("empty")).containsExactly(List.of());
    }

    @Test
    void whatIsNoBoundIsRefused() throws SQLException {
        source.execute("CREATE TABLE trusted (id varchar(9) PRIMARY KEY)");
        ChunkPlan plan = new ChunkPlan("", false, List.of("'' OR 1 = 1 --", ""));
        assertThatThrownBy(() -> source.chunk(source.table("clinic", "trusted"), plan, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a bound of a chunk");
    }

    /** @param rows 0 for as many as there are */
    private static void requireCut(String create, String insert, String table, int rows) throws SQLException {
        source.execute(create, insert);
        List<List<RowKey>> chunks = chunks(table);
        List<RowKey> all = chunks.stream().flatMap(List::stream).toList();
        assertThat(new HashSet<>(all)).as("no row twice").hasSameSizeAs(all);
        assertThat(all)
                .hasSize(rows == 0 ? source.rows(source.table("clinic", table)).size() : rows);
        assertThat(chunks.size()).isGreaterThanOrEqualTo(all.size() / CHUNK_ROWS);
        assertThat(chunks).allSatisfy(chunk -> assertThat(chunk).hasSizeLessThanOrEqualTo(CHUNK_ROWS));
    }

    private static List<List<RowKey>> chunks(String table) throws SQLException {
        ChunkPlan plan = source.plan(source.table("clinic", table), CHUNK_ROWS);
        List<List<RowKey>> chunks = new ArrayList<>();
        for (int chunk = 0; chunk < plan.chunks().size(); chunk++) {
            chunks.add(source.chunk(source.table("clinic", table), plan, chunk));
        }
        return chunks;
    }
}
