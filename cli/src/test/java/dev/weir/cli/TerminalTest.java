package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalTest {
    @Test
    void safe_ofControls_replacesThem() {
        assertThat(Terminal.safe("a\u001b[31m\nb\u009bc\u0000 °C 😀"))
                .isEqualTo("a\uFFFD[31m\uFFFDb\uFFFDc\uFFFD °C 😀");
    }

    @Test
    void bad_withoutATerminal_hasNoColours() {
        Captured captured = new Captured();
        captured.terminal().bad("@|red x|@");
        assertThat(captured.text()).isEqualTo("@|red x|@" + System.lineSeparator());
    }
}
