package dev.weir.runtime;

import static dev.weir.runtime.ChannelTest.channel;
import static dev.weir.runtime.ChannelTest.full;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How a wait ends other than by its element: interrupt, timeout, context.
@Timeout(30)
final class ChannelEndOfWaitTest {
    private static final Duration SHORT = Duration.ofMillis(2);
    private static final Duration LONG = Duration.ofDays(36_500);

    @Capacities
    void send_interruptedBefore_throwsAndSendsNothing(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        var sender = Running.run(() -> {
            Thread.currentThread().interrupt();
            channel.send(1);
        });
        assertThatThrownBy(sender::result).isInstanceOf(InterruptedException.class);
        assertThat(channel.tryReceive()).isNull();
    }

    @Capacities
    void receive_interruptedBefore_throwsAndTakesNothing(int capacity) {
        var channel = full(capacity);
        var receiver = Running.call(() -> {
            Thread.currentThread().interrupt();
            return channel.receive();
        });
        assertThatThrownBy(receiver::result).isInstanceOf(InterruptedException.class);
        assertThat(channel.length()).isEqualTo(capacity);
    }

    @Capacities
    void send_interruptedWhileWaiting_withdrawsTheElement(int capacity) throws Exception {
        var channel = full(capacity);
        var sender = Running.run(() -> channel.send(-1)).parked();
        sender.thread().interrupt();
        assertThatThrownBy(sender::result)
                .isInstanceOf(InterruptedException.class)
                .hasMessageContaining(channel.getClass().getSimpleName());
        assertThat(channel.isIdle()).isTrue();
        for (int i = 0; i < capacity; i++) {
            assertThat(channel.receive()).isEqualTo(i);
        }
        assertThat(channel.tryReceive()).isNull();
    }

    @Capacities
    void receive_interruptedWhileWaiting_leavesTheNextElementToOthers(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        var first = Running.call(channel::receive).parked();
        var second = Running.call(channel::receive).parked();
        first.thread().interrupt();
        assertThatThrownBy(first::result).isInstanceOf(InterruptedException.class);
        channel.send(1);
        assertThat(second.result()).isEqualTo(1);
    }

    @Capacities
    void receive_interruptedInTheMiddleOfTheQueue_keepsTheOrderOfTheOthers(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        var receivers = new ArrayList<Running<Integer>>();
        for (int i = 0; i < 3; i++) {
            receivers.add(Running.call(channel::receive).parked());
        }
        receivers.get(1).thread().interrupt();
        assertThatThrownBy(receivers.get(1)::result).isInstanceOf(InterruptedException.class);
        channel.send(1);
        channel.send(2);
        assertThat(receivers.get(0).result()).isEqualTo(1);
        assertThat(receivers.get(2).result()).isEqualTo(2);
    }

    @Capacities
    void trySend_timedWhileFull_returnsFalseAndWithdrawsTheElement(int capacity) throws Exception {
        var channel = full(capacity);
        assertThat(channel.trySend(-1, SHORT)).isFalse();
        assertThat(channel.trySend(-1, Duration.ZERO)).isFalse();
        assertThat(channel.trySend(-1, Duration.ofSeconds(-1))).isFalse();
        assertThat(channel.isIdle()).isTrue();
        assertThat(channel.length()).isEqualTo(capacity);
    }

    @Capacities
    void trySend_timedAndTakenInTime_returnsTrue(int capacity) throws Exception {
        var channel = full(capacity);
        var sender = Running.call(() -> channel.trySend(capacity, LONG)).parkedWithTimeout();
        assertThat(channel.receive()).isZero();
        assertThat(sender.result()).isTrue();
    }

    @Capacities
    void tryReceive_timedWhileEmpty_returnsNull(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        assertThat(channel.tryReceive(SHORT)).isNull();
        assertThat(channel.tryReceive(Duration.ZERO)).isNull();
        assertThat(channel.isIdle()).isTrue();
    }

    @Capacities
    void tryReceive_timedAndSentInTime_returnsTheElement(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        var receiver = Running.call(() -> channel.tryReceive(LONG)).parkedWithTimeout();
        channel.send(5);
        assertThat(receiver.result()).isEqualTo(5);
    }

    @Capacities
    void timed_whenClosedMeanwhile_throws(int capacity) {
        Channel<Integer> empty = channel(capacity);
        var full = full(capacity);
        var receiver = Running.call(() -> empty.tryReceive(LONG)).parkedWithTimeout();
        var sender = Running.call(() -> full.trySend(1, LONG)).parkedWithTimeout();
        empty.close();
        full.close();
        assertThatThrownBy(receiver::result).isInstanceOf(ReceiveOnClosedException.class);
        assertThatThrownBy(sender::result).isInstanceOf(SendOnClosedException.class);
    }

    @Capacities
    void withContext_doneBefore_throwsAlthoughTheChannelIsReady(int capacity) {
        var ready = full(Math.max(1, capacity));
        Channel<Integer> room = Channel.bounded(1);
        var context = Context.background().withCancel();
        context.cancel();
        assertThatThrownBy(() -> ready.receive(context)).isInstanceOf(CancelledException.class);
        assertThatThrownBy(() -> room.send(1, context)).isInstanceOf(CancelledException.class);
        assertThatThrownBy(() -> ready.receiveUpTo(new ArrayList<>(), 1, context))
                .isInstanceOf(CancelledException.class);
        assertThat(ready.length()).isEqualTo(ready.capacity());
        assertThat(room.length()).isZero();
    }

    @Capacities
    void withContext_cancelledWhileWaiting_throwsTheCauseAndLeavesNoTrace(int capacity) {
        Channel<Integer> empty = channel(capacity);
        var full = full(capacity);
        var context = Context.background().withCancel();
        var receiver = Running.call(() -> empty.receive(context)).parked();
        var sender = Running.run(() -> full.send(1, context)).parked();
        var cause = new IOException("unplugged");
        context.cancel(cause);
        assertThatThrownBy(receiver::result)
                .isInstanceOf(CancelledException.class)
                .hasCause(cause);
        assertThatThrownBy(sender::result)
                .isInstanceOf(CancelledException.class)
                .hasCause(cause);
        assertThat(empty.isIdle()).isTrue();
        assertThat(full.isIdle()).isTrue();
    }

    @Capacities
    void withContext_deadlineWhileWaiting_throws(int capacity) {
        Channel<Integer> channel = channel(capacity);
        try (var context = Context.background().withTimeout(SHORT)) {
            assertThatThrownBy(() -> channel.receive(context)).isInstanceOf(DeadlineExceededException.class);
        }
    }

    @Capacities
    void withContext_servedInTime_leavesNoTraceInTheContext(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        try (var context = Context.background().withCancel()) {
            var receiver = Running.call(() -> channel.receive(context)).parked();
            channel.send(3, context);
            assertThat(receiver.result()).isEqualTo(3);
            assertThat(((Channel<Void>) context.done()).isIdle()).isTrue();
        }
    }

    @Capacities
    void withContext_closedWhileWaiting_throws(int capacity) {
        Channel<Integer> empty = channel(capacity);
        var full = full(capacity);
        try (var context = Context.background().withCancel()) {
            var receiver = Running.call(() -> empty.receive(context)).parked();
            var sender = Running.run(() -> full.send(1, context)).parked();
            empty.close();
            full.close();
            assertThatThrownBy(receiver::result).isInstanceOf(ReceiveOnClosedException.class);
            assertThatThrownBy(sender::result).isInstanceOf(SendOnClosedException.class);
        }
    }

    @Test
    void withContext_interruptedWhileWaiting_throws() {
        Channel<Integer> channel = Channel.unbuffered();
        try (var context = Context.background().withCancel()) {
            var receiver = Running.call(() -> channel.receive(context)).parked();
            receiver.thread().interrupt();
            assertThatThrownBy(receiver::result).isInstanceOf(InterruptedException.class);
            assertThat(channel.isIdle()).isTrue();
        }
    }
}
