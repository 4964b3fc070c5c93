package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.cli.Recording.Row;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PlayerTest {
    private static final Instant ORIGIN = Instant.parse("2026-01-01T00:00:00Z");

    /// A clock that moves on 25 ms with each look, so that waiting for it ends.
    private final AtomicLong nanos = new AtomicLong();

    private final List<String> sent = new ArrayList<>();

    private final Sender sender = new Sender() {
        @Override
        public void send(String address, byte[] payload) {
            sent.add(nanos.get() / 1_000_000_000 + " " + address + " " + new String(payload, StandardCharsets.UTF_8));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private Player.Pace pace(double speed) {
        return new Player.Pace("ts", speed, ORIGIN, 0, () -> nanos.addAndGet(25_000_000));
    }

    private static Recording recording(String text) throws IOException {
        return Recording.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "in");
    }

    @Test
    void play_paced_sendsEachRowWhenItIsDue() throws Exception {
        // A hundred seconds in a hundredth of the time: one second by the clock.
        Player player = new Player(new RowTemplate("t/{d}"), pace(100));
        try (Recording recording = recording("ts,d\n2026-01-01T00:00:00Z,a\n2026-01-01T00:00:10Z,b\n")) {
            for (Row row = recording.next(); row != null; row = recording.next()) {
                player.play(row, recording, sender);
            }
        }
        assertThat(nanos.get()).isBetween(100_000_000L, 150_000_000L);
        assertThat(player.sent()).isEqualTo(2);
    }

    @Test
    void play_unpaced_needsNoTimes() throws Exception {
        Player player = new Player(new RowTemplate("t/{d}"), null);
        try (Recording recording = recording("d,v\na,1\n")) {
            player.play(Objects.requireNonNull(recording.next()), recording, sender);
        }
        assertThat(sent).containsExactly("0 t/a {\"d\":\"a\",\"v\":1}");
    }

    @Test
    void await_ofATimeThatIsOver_returnsAtOnce() throws Exception {
        pace(1).await(ORIGIN.minusSeconds(60));
        assertThat(nanos.get()).isLessThan(26_000_000);
    }

    @Test
    void await_whenInterrupted_throws() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> pace(1).await(ORIGIN.plusSeconds(60))).isInstanceOf(InterruptedException.class);
    }
}
