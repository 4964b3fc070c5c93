package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SendProgressTest {
    private final Captured captured = new Captured();
    private final AtomicLong sent = new AtomicLong(40);

    private void ticks(boolean paced, int seconds) {
        try (SendProgress progress = new SendProgress(sent::get, paced, "mqtt://host", captured.terminal())) {
            for (int i = 0; i < seconds; i++) {
                progress.tick();
            }
        }
    }

    @Test
    void tick_withoutProgress_saysAfterFiveSecondsWhatItWaitsFor() {
        ticks(false, 6);
        assertThat(captured.text().lines())
                .containsExactly(
                        "40 readings sent", "40 readings sent; waiting for mqtt://host to acknowledge, for 5 s now");
    }

    @Test
    void tick_paced_takesAPauseForAPause() {
        ticks(true, 20);
        assertThat(captured.text().lines()).containsExactly("40 readings sent");
    }
}
