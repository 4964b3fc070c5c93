package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.flow.Ledger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerTextTest {
    private final Captured captured = new Captured();

    @Test
    void print_ofQuietLedger_leavesZeroesOut() {
        LedgerText.print(
                new Ledger(
                        List.of(new Ledger.SourceLine("indoor", 18_914, 18_914, Map.of(), 0)),
                        List.of(
                                new Ledger.StreamLine("climate", false, 18_914, 18_914, 0, 0, Map.of(), Map.of(), 0),
                                new Ledger.StreamLine("climate_10m", true, 159, 159, 0, 0, Map.of(), Map.of(), 0))),
                captured.terminal());
        assertThat(captured.text().lines())
                .containsExactly(
                        "ledger",
                        "  source indoor         received 18,914 = accepted 18,914 + rejected 0",
                        "  stream climate        accepted 18,914 = completed 18,914 + dropped 0",
                        "  window climate_10m    emitted  159 = completed 159 + dropped 0",
                        "  it balances");
    }

    @Test
    void print_ofBusyLedger_showsEveryTermAndReason() {
        LedgerText.print(
                new Ledger(
                        List.of(new Ledger.SourceLine("d", 10, 6, Map.of("size", 1L, "address", 2L), 1)),
                        List.of(new Ledger.StreamLine(
                                "s", false, 21, 1, 2, 3, Map.of("decode", 4L, "zero", 0L), Map.of("overflow", 5L), 6))),
                captured.terminal());
        assertThat(captured.text())
                .contains("received 10 = accepted 6 + rejected 3 (address 2, size 1) + waiting 1")
                .contains("accepted 21 = completed 1 + filtered 2 + duplicate 3 + dead-lettered 4 (decode 4)"
                        + " + dropped 5 (overflow 5) + queued 6")
                .contains("it balances");
    }

    @Test
    void print_ofWrongLedger_saysSo() {
        LedgerText.print(
                new Ledger(List.of(new Ledger.SourceLine("d", 10, 9, Map.of(), 0)), List.of()), captured.terminal());
        assertThat(captured.text()).contains("it does NOT balance");
    }
}
