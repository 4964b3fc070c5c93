package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowTemplateTest {
    private static final RowTemplate TEMPLATE = new RowTemplate("m/{device}/x");

    @Test
    void fill_withColumns_putsThemIn() throws IOException {
        assertThat(TEMPLATE.fill(Map.of("device", "$1\\"), () -> "f:2")).isEqualTo("m/$1\\/x");
    }

    @Test
    void fill_withoutTheColumn_namesItAndThePlace() {
        assertThatThrownBy(() -> TEMPLATE.fill(Map.of("dev", "a"), () -> "f:2"))
                .isInstanceOf(IOException.class)
                .hasMessage("f:2: 'm/{device}/x' needs a column 'device'; there are [dev]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "+", "#", "a\u0000"})
    void fill_withAValueThatBreaksOut_fails(String value) {
        assertThatThrownBy(() -> TEMPLATE.fill(Map.of("device", value), () -> "f:2"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot stand in an address");
    }
}
