package dev.handover.capture.engine;

import dev.handover.capture.decode.BinlogText;
import io.debezium.config.CommonConnectorConfig.EventConvertingFailureHandlingMode;
import io.debezium.connector.binlog.charset.BinlogCharsetRegistry;
import io.debezium.connector.mariadb.MariaDbConnectorConfig;
import io.debezium.connector.mariadb.jdbc.MariaDbValueConverters;
import io.debezium.jdbc.JdbcValueConverters.BigIntUnsignedMode;
import io.debezium.jdbc.JdbcValueConverters.DecimalMode;
import io.debezium.jdbc.TemporalPrecisionMode;
import io.debezium.relational.Column;
import io.debezium.relational.ValueConverter;
import java.nio.charset.Charset;
import java.util.Optional;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.SchemaBuilder;

/** Makes every column a text: what the server would print in UTC, bytes in hexadecimal. */
final class MariaDbTextConverters extends MariaDbValueConverters {
    private final BinlogCharsetRegistry charsets;

    MariaDbTextConverters(MariaDbConnectorConfig config) {
        super(
                DecimalMode.PRECISE,
                TemporalPrecisionMode.ISOSTRING,
                BigIntUnsignedMode.PRECISE,
                config.binaryHandlingMode(),
                temporal -> temporal,
                EventConvertingFailureHandlingMode.FAIL,
                config.getServiceRegistry());
        this.charsets = config.getServiceRegistry().getService(BinlogCharsetRegistry.class);
    }

    @Override
    public SchemaBuilder schemaBuilder(Column column) {
        return SchemaBuilder.string();
    }

    @Override
    public ValueConverter converter(Column column, Field field) {
        BinlogText text =
                new BinlogText(column.typeName(), column.length(), charset(column), extractEnumAndSetOptions(column));
        return text::of;
    }

    private Optional<Charset> charset(Column column) {
        String name = column.charsetName();
        return name == null ? Optional.empty() : BinlogText.charset(name, charsets.getJavaEncodingForCharSet(name));
    }
}
