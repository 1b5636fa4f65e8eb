package dev.handover.deploy.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.fault.Fault;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartFailureTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    java.net.BindException: Address already in use                                          | port-taken
                    could not bind IPv4 address "127.0.0.1": Address already in use                         | port-taken
                    could not extend file "base/1": No space left on device                                 | disk
                    Error writing file './binlog.000001' (Errcode: 28 "No space left on device")            | disk
                    java.lang.UnsupportedClassVersionError: X has been compiled by a more recent version    | jdk-too-old
                    mariadbd: error while loading shared libraries: libaio.so.1: cannot open shared object  | program-missing
                    /lib/libc.so.6: version `GLIBC_2.34' not found                                          | platform-unsupported
                    There is insufficient memory for the Java Runtime Environment to continue.              | server-failed
                    something else                                                                          | server-failed
                    """)
    void isToldFromTheLog(String tail, String code) {
        Fault fault = StartFailure.explain("server", 1, Path.of("logs/server.log"), tail);
        assertThat(fault.code()).isEqualTo(code);
        assertThat(fault.hint()).isNotBlank();
    }
}
