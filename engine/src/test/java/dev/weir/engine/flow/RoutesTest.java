package dev.weir.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Message;
import dev.weir.engine.Receipt;
import org.junit.jupiter.api.Test;

class RoutesTest {
    @Test
    void find_withMoreAddressesThanTheCacheHolds_staysRight() throws Exception {
        var out = new Collector();
        try (var rig = new FlowRig().sink("out", out)) {
            rig.add(rig.draft("p")).start();
            int addresses = Routes.GENERATION * 2 + 100;
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < addresses; i++) {
                    assertThat(rig.send("d" + i, "1")).isEqualTo(Receipt.ACCEPTED);
                    if (i % 8 == 0) {
                        assertThat(rig.send(Message.of("x/" + i, new byte[0]))).isEqualTo(Receipt.UNMATCHED);
                    }
                }
            }
            rig.flush();
            assertThat(rig.line("p").completed()).isEqualTo(2L * addresses);
            assertThat(out.numbers("d17")).hasSize(2);
        }
    }

    @Test
    void find_withLongAddress_worksWithoutTheCache() throws Exception {
        try (var rig = new FlowRig().sink("out", new Collector())) {
            rig.add(rig.draft("p")).start();
            String device = "d".repeat(Routes.LONGEST + 10);
            assertThat(rig.send(device, "1")).isEqualTo(Receipt.ACCEPTED);
            assertThat(rig.send(device, "2")).isEqualTo(Receipt.ACCEPTED);
        }
    }
}
