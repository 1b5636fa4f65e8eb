package dev.handover.deploy.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handover.fault.Fault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnprivilegedUserTest {
    @ParameterizedTest
    @CsvSource({"false, root-refused", "no-such-program, program-missing"})
    void namesTheRemedyWhenRootCannotHide(String unshare, String code) {
        assertThatThrownBy(() -> UnprivilegedUser.namespace("source", unshare))
                .isInstanceOfSatisfying(Fault.class, fault -> {
                    assertThat(fault.code()).isEqualTo(code);
                    assertThat(fault.hint()).contains("ordinary user");
                });
    }
}
