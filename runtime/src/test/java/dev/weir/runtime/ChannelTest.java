package dev.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The plain operations: when they wait, in which order they are served, what closing does.
@Timeout(30)
final class ChannelTest {

    static <T> Channel<T> channel(int capacity) {
        return capacity == 0 ? Channel.unbuffered() : Channel.bounded(capacity);
    }

    static Channel<Integer> full(int capacity) {
        Channel<Integer> channel = channel(capacity);
        for (int i = 0; i < capacity; i++) {
            assertThat(channel.trySend(i)).isTrue();
        }
        return channel;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void bounded_withoutRoom_isRefused(int capacity) {
        assertThatThrownBy(() -> Channel.bounded(capacity))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 1, but was " + capacity);
    }

    @Capacities
    void send_whileFull_waitsForReceive(int capacity) throws Exception {
        var channel = full(capacity);
        var sender = Running.run(() -> channel.send(capacity)).parked();
        for (int i = 0; i <= capacity; i++) {
            assertThat(channel.receive()).isEqualTo(i);
        }
        assertThat(sender.result()).isTrue();
        assertThat(channel.length()).isZero();
    }

    @Capacities
    void receive_whileEmpty_waitsForSend(int capacity) throws Exception {
        Channel<String> channel = channel(capacity);
        var receiver = Running.call(channel::receive).parked();
        channel.send("x");
        assertThat(receiver.result()).isEqualTo("x");
        assertThat(channel.length()).isZero();
    }

    @Capacities
    void trySend_untilFull_takesExactlyTheCapacity(int capacity) {
        var channel = full(capacity);
        assertThat(channel.trySend(-1)).isFalse();
        assertThat(channel.length()).isEqualTo(capacity);
        assertThat(channel.capacity()).isEqualTo(capacity);
    }

    @Capacities
    void trySend_withWaitingReceiver_handsTheElementOver(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        var receiver = Running.call(channel::receive).parked();
        assertThat(channel.trySend(7)).isTrue();
        assertThat(receiver.result()).isEqualTo(7);
    }

    @Capacities
    void tryReceive_whileEmpty_returnsNull(int capacity) {
        assertThat(channel(capacity).tryReceive()).isNull();
    }

    @Capacities
    void tryReceive_withWaitingSender_takesTheOldestElement(int capacity) throws Exception {
        var channel = full(capacity);
        var sender = Running.run(() -> channel.send(capacity)).parked();
        assertThat(channel.tryReceive()).isZero();
        sender.result();
        assertThat(channel.length()).isEqualTo(capacity);
    }

    @Capacities
    void send_afterClose_throws(int capacity) {
        Channel<Integer> channel = channel(capacity);
        channel.close();
        assertThatThrownBy(() -> channel.send(1))
                .isInstanceOf(SendOnClosedException.class)
                .hasMessageContaining(channel.toString());
        assertThatThrownBy(() -> channel.trySend(1)).isInstanceOf(SendOnClosedException.class);
    }

    @Capacities
    void close_withWaitingSenders_wakesThemWithErrorAndKeepsTheBuffer(int capacity) throws Exception {
        var channel = full(capacity);
        var first = Running.run(() -> channel.send(-1)).parked();
        var second = Running.run(() -> channel.send(-2)).parked();
        channel.close();
        assertThatThrownBy(first::result).isInstanceOf(SendOnClosedException.class);
        assertThatThrownBy(second::result).isInstanceOf(SendOnClosedException.class);
        assertThat(channel.length()).isEqualTo(capacity);
        for (int i = 0; i < capacity; i++) {
            assertThat(channel.receive()).isEqualTo(i);
        }
        assertThatThrownBy(channel::receive).isInstanceOf(ReceiveOnClosedException.class);
    }

    @Capacities
    void close_withWaitingReceivers_wakesThemAll(int capacity) {
        Channel<Integer> channel = channel(capacity);
        var first = Running.call(channel::receive).parked();
        var second = Running.call(channel::receive).parked();
        channel.close();
        assertThatThrownBy(first::result).isInstanceOf(ReceiveOnClosedException.class);
        assertThatThrownBy(second::result).isInstanceOf(ReceiveOnClosedException.class);
    }

    @Capacities
    void receive_afterClose_drainsAndThenAlwaysThrows(int capacity) throws Exception {
        var channel = full(capacity);
        channel.close();
        for (int i = 0; i < capacity; i++) {
            assertThat(channel.tryReceive()).isEqualTo(i);
        }
        assertThatThrownBy(channel::receive).isInstanceOf(ReceiveOnClosedException.class);
        assertThatThrownBy(channel::tryReceive).isInstanceOf(ReceiveOnClosedException.class);
    }

    @Capacities
    void close_ofClosed_throws(int capacity) {
        Channel<Integer> channel = channel(capacity);
        channel.close();
        assertThatThrownBy(channel::close).isInstanceOf(CloseOfClosedException.class);
    }

    @Test
    void closeIfOpen_calledTwice_closesOnce() {
        Channel<Integer> channel = Channel.bounded(1);
        assertThat(channel.closeIfOpen()).isTrue();
        assertThat(channel.closeIfOpen()).isFalse();
    }

    @Capacities
    void length_withWaitingSender_countsTheBufferOnly(int capacity) throws Exception {
        var channel = full(capacity);
        var sender = Running.run(() -> channel.send(capacity)).parked();
        assertThat(channel.length()).isEqualTo(capacity);
        channel.receive();
        sender.result();
        assertThat(channel.length()).isEqualTo(capacity);
    }

    @Capacities
    void send_bySeveralWaiting_isServedFirstComeFirstServed(int capacity) throws Exception {
        var channel = full(capacity);
        var senders = new ArrayList<Running<Boolean>>();
        for (int i = 0; i < 5; i++) {
            int element = capacity + i;
            senders.add(Running.run(() -> channel.send(element)).parked());
        }
        for (int i = 0; i < capacity + 5; i++) {
            assertThat(channel.receive()).isEqualTo(i);
        }
        for (var sender : senders) {
            sender.result();
        }
    }

    @Capacities
    void receive_bySeveralWaiting_isServedFirstComeFirstServed(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        var receivers = new ArrayList<Running<Integer>>();
        for (int i = 0; i < 5; i++) {
            receivers.add(Running.call(channel::receive).parked());
        }
        for (int i = 0; i < 5; i++) {
            channel.send(i);
        }
        for (int i = 0; i < 5; i++) {
            assertThat(receivers.get(i).result()).isEqualTo(i);
        }
    }

    @Capacities
    void iterate_untilClosed_yieldsEverythingInOrder(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        var sender = Running.run(() -> {
            for (int i = 0; i < 300; i++) {
                channel.send(i);
            }
            channel.close();
        });
        var seen = new ArrayList<Integer>();
        for (var each : channel) {
            seen.add(each);
        }
        sender.result();
        assertThat(seen).hasSize(300).isSorted();
    }

    @Test
    void iterate_leftByBreak_losesNothing() throws Exception {
        var channel = full(7);
        for (var each : channel) {
            if (each == 2) {
                break;
            }
        }
        assertThat(channel.receive()).isEqualTo(3);
    }

    @Test
    void iterate_whenInterrupted_throwsAndKeepsTheStatus() throws Exception {
        Channel<Integer> channel = Channel.unbuffered();
        var loop = Running.call(() -> {
                    assertThatThrownBy(() -> channel.iterator().hasNext())
                            .isInstanceOf(IterationInterruptedException.class);
                    return Thread.interrupted();
                })
                .parked();
        loop.thread().interrupt();
        assertThat(loop.result()).isTrue();
    }

    @Test
    @SuppressWarnings("NullAway") // what a caller without a null checker does
    void operations_withNull_areRefused() {
        Channel<Object> channel = Channel.bounded(1);
        assertThatThrownBy(() -> channel.send(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> channel.trySend(null)).isInstanceOf(NullPointerException.class);
        assertThat(channel.length()).isZero();
    }

    @Test
    void never_withAnyOperation_isNeverReady() throws Exception {
        Channel<Integer> never = Channel.never();
        assertThat(never.trySend(1)).isFalse();
        assertThat(never.tryReceive()).isNull();
        var sender = Running.run(() -> never.send(1)).parked();
        var receiver = Running.call(never::receive).parked();
        assertThat(never.isIdle()).isTrue();
        sender.thread().interrupt();
        receiver.thread().interrupt();
        assertThatThrownBy(sender::result).isInstanceOf(InterruptedException.class);
        assertThatThrownBy(receiver::result).isInstanceOf(InterruptedException.class);
    }

    @Test
    void never_closed_throws() {
        assertThatThrownBy(() -> Channel.never().close()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Channel.never().closeIfOpen()).isInstanceOf(IllegalStateException.class);
    }

    @Capacities
    void receive_unparkedForNoReason_keepsWaiting(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        var receiver = Running.call(channel::receive).parked();
        for (int i = 0; i < 100; i++) {
            LockSupport.unpark(receiver.thread());
        }
        receiver.parked();
        channel.send(1);
        assertThat(receiver.result()).isEqualTo(1);
    }

    @Capacities
    void sendAndReceive_onPlatformThreads_work(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        var sender = Running.callOnPlatform(() -> {
            for (int i = 0; i < 2_000; i++) {
                channel.send(i);
            }
            channel.close();
            return true;
        });
        var receiver = Running.callOnPlatform(() -> {
            int expected = 0;
            for (int each : channel) {
                assertThat(each).isEqualTo(expected++);
            }
            return expected;
        });
        sender.result();
        assertThat(receiver.result()).isEqualTo(2_000);
    }
}
