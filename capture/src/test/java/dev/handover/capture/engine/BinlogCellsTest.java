package dev.handover.capture.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.shyiko.mysql.binlog.event.deserialization.ColumnType;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinlogCellsTest {
    /** Bytes as the server writes them. */
    @ParameterizedTest
    @CsvSource({
        "DATE, 0, 000000, 0000-00-00",
        "DATE, 0, 00c80f, 2020-00-00",
        "DATE, 0, 9f1f4e, 9999-12-31",
        "DATETIME_V2, 0, 8000000000, 0000-00-00 00:00:00",
        "DATETIME_V2, 6, fef3ff7efb0f423f, 9999-12-31 23:59:59.999999",
        "TIME_V2, 0, 800000, 00:00:00",
        "TIME_V2, 0, 7fffff, -00:00:01",
        "TIME_V2, 0, b46efb, 838:59:59",
        "TIME_V2, 2, 7fffffff, -00:00:00.01",
        "TIMESTAMP_V2, 0, 00000000, 0000-00-00 00:00:00",
        "TIMESTAMP_V2, 0, 00000001, 1970-01-01 00:00:01",
        "TIMESTAMP_V2, 6, 00000000000000, 0000-00-00 00:00:00.000000",
        "TIMESTAMP_V2, 6, 00000000000001, 1970-01-01 00:00:00.000001",
        "TIMESTAMP_V2, 0, ffffffff, 2106-02-07 06:28:15",
        "YEAR, 0, 00, 0",
        "YEAR, 0, 7c, 2024",
    })
    void readsWhatNoCalendarHas(ColumnType type, int meta, String hex, String text) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(HexFormat.of().parseHex(hex));
        assertThat(BinlogCells.read(type, meta, 0, in)).contains(text);
    }
}
