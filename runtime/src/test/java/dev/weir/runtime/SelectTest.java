package dev.weir.runtime;

import static dev.weir.runtime.ChannelTest.channel;
import static dev.weir.runtime.ChannelTest.full;
import static dev.weir.runtime.Select.consume;
import static dev.weir.runtime.Select.done;
import static dev.weir.runtime.Select.orElse;
import static dev.weir.runtime.Select.receive;
import static dev.weir.runtime.Select.select;
import static dev.weir.runtime.Select.send;
import static dev.weir.runtime.Select.timeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Which case a select chooses, when it waits, and what it leaves behind.
@Timeout(30)
final class SelectTest {
    private static final Duration SHORT = Duration.ofMillis(2);
    private static final Duration LONG = Duration.ofDays(1);

    @Capacities
    void select_withOneReadyReceive_takesIt(int capacity) throws Exception {
        Channel<Integer> idle = channel(capacity);
        var ready = full(Math.max(1, capacity));
        String result = select(receive(idle, v -> "idle " + v), receive(ready, v -> "ready " + v));
        assertThat(result).isEqualTo("ready 0");
        assertThat(ready.length()).isEqualTo(ready.capacity() - 1);
    }

    @Capacities
    void select_withOneReadySend_sendsOnlyThatElement(int capacity) throws Exception {
        var full = full(capacity);
        Channel<Integer> room = Channel.bounded(1);
        assertThat(select(send(full, -1, () -> "full"), send(room, -2, () -> "room")))
                .isEqualTo("room");
        assertThat(room.receive()).isEqualTo(-2);
        assertThat(full.length()).isEqualTo(capacity);
    }

    @Capacities
    void select_withNothingReady_waitsForReceive(int capacity) throws Exception {
        Channel<Integer> first = channel(capacity);
        Channel<Integer> second = channel(capacity);
        var selecting = Running.call(() -> either(first, second)).parked();
        second.send(4);
        assertThat(selecting.result()).isEqualTo(4);
        assertThat(first.isIdle()).isTrue();
        assertThat(second.isIdle()).isTrue();
    }

    private static <T> T either(ReceiveChannel<T> first, ReceiveChannel<T> second) throws InterruptedException {
        return select(receive(first, v -> v), receive(second, v -> v));
    }

    @Capacities
    void select_withNothingReady_waitsForSend(int capacity) throws Exception {
        var first = full(capacity);
        var second = full(capacity);
        var selecting = Running.call(() -> eitherSend(first, second)).parked();
        assertThat(second.receive()).isEqualTo(capacity == 0 ? -2 : 0);
        assertThat(selecting.result()).isEqualTo("second");
        assertThat(first.length()).isEqualTo(capacity);
        assertThat(first.isIdle()).isTrue();
    }

    private static String eitherSend(SendChannel<Integer> first, SendChannel<Integer> second)
            throws InterruptedException {
        return select(send(first, -1, () -> "first"), send(second, -2, () -> "second"));
    }

    @Capacities
    void select_withDefaultAndNothingReady_takesTheDefault(int capacity) throws Exception {
        Channel<Integer> empty = channel(capacity);
        var full = full(capacity);
        String result = select(receive(empty, v -> "got"), send(full, 1, () -> "sent"), orElse(() -> "neither"));
        assertThat(result).isEqualTo("neither");
        assertThat(empty.isIdle() && full.isIdle()).isTrue();
    }

    @Capacities
    void select_withDefaultAndWaitingPartner_takesThePartner(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        var receiver = Running.call(channel::receive).parked();
        boolean sent = select(send(channel, 9, () -> true), orElse(() -> false));
        assertThat(sent).isTrue();
        assertThat(receiver.result()).isEqualTo(9);
    }

    @Test
    void select_withTimeoutAndNothingReady_takesTheTimeout() throws Exception {
        Channel<Integer> channel = Channel.unbuffered();
        assertThat(select(receive(channel, v -> "got"), timeout(SHORT, () -> "late")))
                .isEqualTo("late");
        assertThat(select(receive(channel, v -> "got"), timeout(Duration.ZERO, () -> "late")))
                .isEqualTo("late");
        assertThat(channel.isIdle()).isTrue();
    }

    @Test
    void select_withTimeoutAndReadyCase_takesTheCase() throws Exception {
        var ready = full(1);
        assertThat(select(timeout(Duration.ofSeconds(-1), () -> "late"), receive(ready, v -> "got")))
                .isEqualTo("got");
    }

    @Test
    void select_servedBeforeTheTimeout_takesTheCase() throws Exception {
        Channel<Integer> channel = Channel.unbuffered();
        var selecting = Running.call(() -> {
                    String result = select(receive(channel, v -> "got " + v), timeout(LONG, () -> "late"));
                    return result;
                })
                .parkedWithTimeout();
        channel.send(1);
        assertThat(selecting.result()).isEqualTo("got 1");
    }

    @Test
    void select_withSecondTimeoutOrDefault_isRefused() {
        assertThatThrownBy(() -> select(timeout(SHORT, () -> 1), timeout(LONG, () -> 2)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> select(orElse(() -> 1), orElse(() -> 2))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void select_withDoneContext_endsTheWait() throws Exception {
        Channel<Integer> channel = Channel.unbuffered();
        var context = Context.background().withCancel();
        var selecting = Running.call(() -> {
                    String result = select(receive(channel, v -> "got"), done(context, () -> "cancelled"));
                    return result;
                })
                .parked();
        context.cancel();
        assertThat(selecting.result()).isEqualTo("cancelled");
        assertThat(channel.isIdle()).isTrue();
    }

    @Capacities
    void select_receiveFromClosed_runsTheClosedHandler(int capacity) throws Exception {
        Channel<Integer> closed = channel(capacity);
        closed.close();
        Channel<Integer> idle = Channel.unbuffered();
        assertThat(select(receive(closed, v -> "got", () -> "end"), receive(idle, v -> "idle")))
                .isEqualTo("end");
        assertThatThrownBy(() -> select(receive(closed, v -> "got"))).isInstanceOf(ReceiveOnClosedException.class);
    }

    @Capacities
    void select_closedWhileWaiting_endsTheWait(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        Channel<Integer> idle = Channel.unbuffered();
        var selecting = Running.call(() -> {
                    String result = select(receive(idle, v -> "idle"), receive(channel, v -> "got", () -> "end"));
                    return result;
                })
                .parked();
        channel.close();
        assertThat(selecting.result()).isEqualTo("end");
        assertThat(idle.isIdle()).isTrue();
    }

    @Capacities
    void select_sendToClosed_throws(int capacity) {
        var waitedFor = full(capacity);
        var selecting =
                Running.call(() -> eitherSend(waitedFor, Channel.never())).parked();
        waitedFor.close();
        assertThatThrownBy(selecting::result).isInstanceOf(SendOnClosedException.class);
        assertThatThrownBy(() -> select(send(waitedFor, 1, () -> "sent"), orElse(() -> "default")))
                .isInstanceOf(SendOnClosedException.class);
    }

    @Test
    void select_withNeverChannels_neverChoosesThem() throws Exception {
        Channel<Integer> never = Channel.never();
        var ready = full(1);
        assertThat((int) select(receive(never, v -> 1), send(never, 0, () -> 2), receive(ready, v -> 3)))
                .isEqualTo(3);
        assertThat((int) select(receive(never, v -> 1), orElse(() -> 4))).isEqualTo(4);
        assertThat(never.isIdle()).isTrue();
    }

    @Test
    void select_withoutCases_waitsUntilInterrupted() {
        var selecting = Running.call(() -> Select.<Integer>select()).parked();
        selecting.thread().interrupt();
        assertThatThrownBy(selecting::result).isInstanceOf(InterruptedException.class);
    }

    @Capacities
    void select_interruptedWhileWaiting_leavesNoTrace(int capacity) {
        Channel<Integer> first = channel(capacity);
        Channel<Integer> second = channel(capacity);
        var selecting = Running.call(() -> either(first, second)).parked();
        selecting.thread().interrupt();
        assertThatThrownBy(selecting::result).isInstanceOf(InterruptedException.class);
        assertThat(first.isIdle() && second.isIdle()).isTrue();
    }

    @Capacities
    void select_interruptedBefore_throwsAndDoesNothing(int capacity) {
        var ready = full(Math.max(1, capacity));
        var selecting = Running.call(() -> {
            Thread.currentThread().interrupt();
            return either(ready, Channel.never());
        });
        assertThatThrownBy(selecting::result).isInstanceOf(InterruptedException.class);
        assertThat(ready.length()).isEqualTo(ready.capacity());
    }

    @Capacities
    void select_sameChannelManyTimes_takesOneElement(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        var selecting = Running.call(() -> {
                    int result = select(receive(channel, v -> v), receive(channel, v -> v), receive(channel, v -> v));
                    return result;
                })
                .parked();
        channel.send(1);
        assertThat(selecting.result()).isEqualTo(1);
        assertThat(channel.isIdle()).isTrue();
        assertThat(channel.length()).isZero();
    }

    @Test
    void select_sendAndReceiveOnOneUnbufferedChannel_doesNotMeetItself() throws Exception {
        Channel<Integer> channel = Channel.unbuffered();
        assertThat(select(send(channel, 1, () -> "sent"), receive(channel, v -> "got"), orElse(() -> "neither")))
                .isEqualTo("neither");
        var selecting = Running.call(() -> {
                    String result = select(send(channel, 1, () -> "sent"), receive(channel, v -> "got " + v));
                    return result;
                })
                .parked();
        channel.send(2);
        assertThat(selecting.result()).isEqualTo("got 2");
        assertThat(channel.tryReceive()).isNull();
    }

    @Test
    void select_handler_mayUseTheChannelsAndThrow() throws Exception {
        var channel = full(2);
        int sum = select(receive(channel, v -> v + channel.receive()));
        assertThat(sum).isEqualTo(1);
        channel.send(1);
        assertThatThrownBy(() -> select(receive(channel, v -> {
                    throw new IllegalStateException("handler");
                })))
                .hasMessage("handler");
    }

    @Test
    void select_withStatements_returnsNull() throws Exception {
        List<Integer> seen = new ArrayList<>();
        var channel = full(1);
        assertThat(select(consume(channel, seen::add))).isNull();
        channel.close();
        assertThat(select(consume(channel, seen::add, () -> seen.add(-1)))).isNull();
        assertThat(seen).containsExactly(0, -1);
    }

    @Test
    void select_withKeptCases_canBeRepeated() throws Exception {
        var channel = full(7);
        Case<Integer> kept = receive(channel, v -> v);
        for (int i = 0; i < 7; i++) {
            assertThat((int) select(kept, receive(Channel.<Integer>never(), v -> -1)))
                    .isEqualTo(i);
        }
    }
}
