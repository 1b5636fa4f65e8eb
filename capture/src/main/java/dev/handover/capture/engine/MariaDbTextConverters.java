package dev.handover.capture.engine;

import dev.handover.capture.decode.BinlogText;
import dev.handover.capture.load.MariaDbText;
import dev.handover.capture.text.TextDecoder;
import io.debezium.config.CommonConnectorConfig.EventConvertingFailureHandlingMode;
import io.debezium.connector.mariadb.MariaDbConnectorConfig;
import io.debezium.connector.mariadb.jdbc.MariaDbValueConverters;
import io.debezium.jdbc.JdbcValueConverters.BigIntUnsignedMode;
import io.debezium.jdbc.JdbcValueConverters.DecimalMode;
import io.debezium.jdbc.TemporalPrecisionMode;
import io.debezium.relational.Column;
import io.debezium.relational.ValueConverter;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.SchemaBuilder;

/** Makes every column a text: what the server would print in UTC, bytes in hexadecimal. */
final class MariaDbTextConverters extends MariaDbValueConverters {
    private final CodeTables charsets;

    MariaDbTextConverters(MariaDbConnectorConfig config, CodeTables charsets) {
        super(
                DecimalMode.PRECISE,
                TemporalPrecisionMode.ISOSTRING,
                BigIntUnsignedMode.PRECISE,
                config.binaryHandlingMode(),
                temporal -> temporal,
                EventConvertingFailureHandlingMode.FAIL,
                config.getServiceRegistry());
        this.charsets = charsets;
    }

    @Override
    public SchemaBuilder schemaBuilder(Column column) {
        return SchemaBuilder.string();
    }

    @Override
    public ValueConverter converter(Column column, Field field) {
        List<String> labels = column.enumValues() == null ? List.of() : BinlogText.labels(column.enumValues());
        BinlogText text = new BinlogText(column.typeName(), column.length(), decoder(column), labels);
        return cell -> {
            try {
                return text.of(cell);
            } catch (IllegalArgumentException e) {
                // Debezium may pass over a converter's exception and go on with null. The decoder refuses this text.
                return MariaDbText.UNREADABLE;
            }
        };
    }

    private Optional<TextDecoder> decoder(Column column) {
        return Optional.ofNullable(column.charsetName())
                .filter(name -> !name.equalsIgnoreCase("binary"))
                .map(charsets::of);
    }
}
