package dev.handover.deploy.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.deploy.config.SourceConfig.Kind;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SourceAddressTest {
    @Test
    void anAddressSaysEverythingButThePassword() {
        assertThat(SourceAddress.parse("postgresql://cdc@pas-db.example:5433/pas"))
                .isEqualTo(new SourceAddress(Kind.POSTGRES, "cdc", "pas-db.example", 5_433, "pas"));
        assertThat(SourceAddress.parse("mariadb://cdc@10.0.0.7/lis"))
                .isEqualTo(new SourceAddress(Kind.MARIADB, "cdc", "10.0.0.7", 3_306, "lis"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "pas",
                "oracle://me@host/db",
                "postgresql://host/db",
                "postgresql://me@host",
                "postgresql://me@host/",
                "postgresql://me@host/a/b",
                "postgresql://me:ZZSECRET@host/db",
                "postgresql://me@host/db?password=ZZSECRET",
                "postgresql://me@ho st/db",
            })
    void whatIsNoneIsRefusedWithoutQuotingIt(String text) {
        assertThatThrownBy(() -> SourceAddress.parse(text)).isInstanceOfSatisfying(Fault.class, fault -> {
            assertThat(fault.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(fault.getMessage() + fault.hint()).doesNotContain("ZZSECRET");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "pas, pas",
        "PAS_Prod, pas-prod",
        "2024_archive, archive",
        "__, source",
        "a-very-long-name-of-a-database-that-grew, a-very-long-name-of-a-da"
    })
    void aSourceIsNamedAfterItsDatabase(String database, String name) {
        assertThat(new SourceAddress(Kind.POSTGRES, "me", "host", 1, database).name())
                .isEqualTo(name);
    }
}
