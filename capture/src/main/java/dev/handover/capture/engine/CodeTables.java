package dev.handover.capture.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.handover.capture.text.CodeTable;
import dev.handover.capture.text.TextDecoder;
import io.debezium.DebeziumException;
import io.debezium.jdbc.JdbcConnection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The character sets of a MariaDB as it converts them itself: it is asked for the text of every code of a set, once,
 * when a column needs it. Java's sets of the same name differ from the server's, and for some there is none. Codes that
 * the server has no character for are left out, so that they are refused instead of becoming question marks.
 */
final class CodeTables {
    private static final HexFormat HEX = HexFormat.of();
    /** Sixteen rows; four of them side by side are 65,536. */
    private static final String DIGITS = IntStream.range(0, 16)
            .mapToObj(digit -> "SELECT " + digit + (digit == 0 ? " AS n" : ""))
            .collect(Collectors.joining(" UNION ALL ", "(", ")"));

    private final Supplier<? extends JdbcConnection> connections;
    private final Map<String, TextDecoder> known = new ConcurrentHashMap<>();

    /** @param connections a new one each time, closed here */
    CodeTables(Supplier<? extends JdbcConnection> connections) {
        this.connections = connections;
    }

    /** The decoder of a character set. */
    TextDecoder of(String charset) {
        return known.computeIfAbsent(charset, name -> TextDecoder.exact(name).orElseGet(() -> read(name)));
    }

    private TextDecoder read(String charset) {
        if (!charset.matches("[A-Za-z0-9_]+")) {
            throw new DebeziumException("the name of a character set has other characters than letters and digits");
        }
        CodeTable.Builder table = new CodeTable.Builder();
        try (JdbcConnection connection = connections.get()) {
            int bytes = connection.queryAndMap(
                    "SELECT maxlen FROM information_schema.character_sets WHERE character_set_name = '" + charset + "'",
                    row -> row.next() ? row.getInt(1) : 0);
            codes(connection, charset, 0, 1, table);
            if (bytes > 1) {
                codes(connection, charset, 0, 2, table);
            }
            if (bytes > 2) {
                // EUC's third set of characters
                codes(connection, charset, 0x8f0000, 3, table);
            }
        } catch (SQLException e) {
            throw new DebeziumException("the server does not tell its character set " + charset, e);
        }
        return table.build();
    }

    private static void codes(JdbcConnection connection, String charset, int first, int bytes, CodeTable.Builder table)
            throws SQLException {
        String digits = DIGITS + " a, " + DIGITS + " b, " + DIGITS + " c, " + DIGITS + " d";
        connection.query(
                "SELECT HEX(code), HEX(CONVERT(code USING utf8mb4)) FROM (SELECT CHAR(" + first
                        + " + a.n * 4096 + b.n * 256 + c.n * 16 + d.n USING " + charset + ") AS code FROM " + digits
                        + ") codes WHERE code IS NOT NULL AND LENGTH(code) = " + bytes + " AND CHAR_LENGTH(code) = 1",
                rows -> {
                    while (rows.next()) {
                        byte[] code = HEX.parseHex(rows.getString(1));
                        String text = new String(HEX.parseHex(rows.getString(2)), UTF_8);
                        boolean question = text.equals("?") && !(code.length == 1 && code[0] == '?');
                        if (!question && !text.equals("\uFFFD")) {
                            table.add(code, text);
                        }
                    }
                });
    }
}
