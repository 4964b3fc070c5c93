package dev.weir.runtime;

import static dev.weir.runtime.ChannelTest.full;
import static dev.weir.runtime.Select.done;
import static dev.weir.runtime.Select.orElse;
import static dev.weir.runtime.Select.receive;
import static dev.weir.runtime.Select.selectFirst;
import static dev.weir.runtime.Select.send;
import static dev.weir.runtime.Select.timeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The select that prefers its first cases.
@Timeout(30)
final class SelectFirstTest {

    @Capacities
    void selectFirst_withSeveralReady_alwaysTakesTheFirst(int capacity) throws Exception {
        var first = full(Math.max(1, capacity));
        var second = full(1);
        for (int i = 0; i < first.capacity(); i++) {
            int chosen = selectFirst(receive(first, v -> v), receive(second, v -> -1));
            assertThat(chosen).isEqualTo(i);
        }
        int chosen = selectFirst(receive(first, v -> v), receive(second, v -> -1));
        assertThat(chosen).isEqualTo(-1);
    }

    @Test
    void selectFirst_withOrderAgainstTheLockOrder_keepsTheOrderOfTheCases() throws Exception {
        var older = full(7);
        var newer = full(7);
        for (int i = 0; i < 7; i++) {
            String chosen = selectFirst(receive(newer, v -> "newer"), receive(older, v -> "older"));
            assertThat(chosen).isEqualTo("newer");
        }
    }

    @Test
    void selectFirst_withDoneContext_noticesItAtOnce() throws Exception {
        var work = full(128);
        var context = Context.background().withCancel();
        context.cancel();
        assertThat(selectFirst(done(context, () -> "done"), receive(work, v -> "work")))
                .isEqualTo("done");
    }

    @Test
    void selectFirst_withFirstAlwaysReady_starvesTheOthers() throws Exception {
        var busy = full(1);
        var starved = full(1);
        for (int i = 0; i < 1_000; i++) {
            selectFirst(receive(busy, v -> v), receive(starved, v -> v));
            busy.send(i);
        }
        assertThat(starved.length()).isEqualTo(1);
    }

    @Test
    void selectFirst_sendsAndReceives_areEqualCases() throws Exception {
        Channel<Integer> room = Channel.bounded(1);
        var ready = full(1);
        assertThat(selectFirst(send(room, 5, () -> "sent"), receive(ready, v -> "received")))
                .isEqualTo("sent");
        assertThat(selectFirst(send(room, 6, () -> "sent"), receive(ready, v -> "received")))
                .isEqualTo("received");
    }

    @Test
    void selectFirst_withNothingReady_waitsForAny() throws Exception {
        Channel<Integer> first = Channel.unbuffered();
        Channel<Integer> second = Channel.unbuffered();
        var selecting = Running.call(() -> {
                    int chosen = selectFirst(receive(first, v -> v), receive(second, v -> v));
                    return chosen;
                })
                .parked();
        second.send(2);
        assertThat(selecting.result()).isEqualTo(2);
        assertThat(first.isIdle()).isTrue();
    }

    @Test
    void selectFirst_withDefaultOrTimeoutInFront_prefersReadyCases() throws Exception {
        var ready = full(2);
        assertThat(selectFirst(orElse(() -> "default"), receive(ready, v -> "ready")))
                .isEqualTo("ready");
        assertThat(selectFirst(timeout(Duration.ZERO, () -> "late"), receive(ready, v -> "ready")))
                .isEqualTo("ready");
        assertThat(selectFirst(orElse(() -> "default"), receive(ready, v -> "ready")))
                .isEqualTo("default");
    }

    @Test
    void selectFirst_onClosedChannels_followsTheOrderToo() throws Exception {
        Channel<Integer> closed = Channel.unbuffered();
        closed.close();
        var ready = full(1);
        assertThat(selectFirst(receive(closed, v -> "got", () -> "end"), receive(ready, v -> "ready")))
                .isEqualTo("end");
        assertThatThrownBy(() -> selectFirst(send(closed, 1, () -> "sent"), receive(ready, v -> "ready")))
                .isInstanceOf(SendOnClosedException.class);
        assertThat(ready.length()).isEqualTo(1);
    }
}
