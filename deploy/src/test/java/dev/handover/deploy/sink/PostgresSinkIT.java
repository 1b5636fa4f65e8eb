package dev.handover.deploy.sink;

import dev.handover.sink.batch.History;
import dev.handover.sink.batch.Sink;
import dev.handover.sink.batch.SinkContract;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class PostgresSinkIT {
    private static Clinic clinic;

    @BeforeAll
    static void start(@TempDir Path directory) {
        clinic = new Clinic(directory);
    }

    @AfterAll
    static void stop() {
        clinic.close();
    }

    @Nested
    class ByCopy extends OnPostgres {
        ByCopy() {
            super(1);
        }
    }

    @Nested
    class ByArrays extends OnPostgres {
        ByArrays() {
            super(Integer.MAX_VALUE);
        }
    }

    abstract static class OnPostgres implements SinkContract {
        private final int copyRowsMin;

        OnPostgres(int copyRowsMin) {
            this.copyRowsMin = copyRowsMin;
        }

        @Override
        public Sink open() {
            return clinic.sink(copyRowsMin);
        }

        @Override
        public History history() {
            return new History(History.patients(clinic.schema()));
        }

        @Override
        public Map<Long, String> names(History history) throws Exception {
            return clinic.names(history);
        }

        @Override
        public long tombstones(History history) throws Exception {
            return Long.parseLong(clinic.one("SELECT count(*) FROM handover.tombstone WHERE table_name = '"
                    + history.schema().table().shortText() + "'"));
        }
    }
}
