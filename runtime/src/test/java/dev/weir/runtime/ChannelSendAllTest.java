package dev.weir.runtime;

import static dev.weir.runtime.ChannelTest.channel;
import static dev.weir.runtime.ChannelTest.full;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Sending many elements at once: their order, and what is known when it ends early.
@Timeout(30)
final class ChannelSendAllTest {

    private static List<Integer> numbers(int from, int count) {
        return IntStream.range(from, from + count).boxed().toList();
    }

    private static List<Integer> receive(Channel<Integer> channel, int count) throws InterruptedException {
        var received = new ArrayList<Integer>();
        for (int i = 0; i < count; i++) {
            received.add(channel.receive());
        }
        return received;
    }

    @Capacities
    void sendAll_withRoomForAll_doesNotWait(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        channel.sendAll(numbers(0, capacity));
        assertThat(channel.length()).isEqualTo(capacity);
        assertThat(receive(channel, capacity)).isEqualTo(numbers(0, capacity));
    }

    @Capacities
    void sendAll_ofMoreThanFits_waitsAndKeepsTheOrder(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        var sender = Running.run(() -> channel.sendAll(numbers(0, 500))).parked();
        assertThat(channel.length()).isEqualTo(capacity);
        assertThat(receive(channel, 499 - capacity)).isEqualTo(numbers(0, 499 - capacity));
        assertThat(sender.isDone()).isFalse();
        assertThat(receive(channel, capacity + 1)).isEqualTo(numbers(499 - capacity, capacity + 1));
        sender.result();
        assertThat(channel.isIdle()).isTrue();
    }

    @Capacities
    void sendAll_withWaitingReceivers_servesThemFirst(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        var first = Running.call(channel::receive).parked();
        var second = Running.call(channel::receive).parked();
        channel.sendAll(List.of(1, 2));
        assertThat(first.result()).isEqualTo(1);
        assertThat(second.result()).isEqualTo(2);
    }

    @Capacities
    void sendAll_whileOthersWait_waitsItsTurnAndIsNotInterrupted(int capacity) throws Exception {
        var channel = full(capacity);
        var before = Running.run(() -> channel.send(-1)).parked();
        var batch = Running.run(() -> channel.sendAll(numbers(1_000, 3))).parked();
        var after = Running.run(() -> channel.send(-2)).parked();
        assertThat(receive(channel, capacity)).isEqualTo(numbers(0, capacity));
        assertThat(receive(channel, 5)).containsExactly(-1, 1_000, 1_001, 1_002, -2);
        before.result();
        batch.result();
        after.result();
    }

    @Capacities
    void sendAll_againstReceiveUpTo_movesEverythingInOrder(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        var sender = Running.run(() -> {
            for (int i = 0; i < 100; i++) {
                channel.sendAll(numbers(i * 70, 70));
            }
            channel.close();
        });
        var received = new ArrayList<Integer>();
        while (channel.receiveUpTo(received, 64) > 0) {
            assertThat(received.size()).isLessThanOrEqualTo(7_000);
        }
        sender.result();
        assertThat(received).isEqualTo(numbers(0, 7_000));
    }

    @Capacities
    void sendAll_interruptedInTheMiddle_saysHowManyWereSent(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        var sender = Running.call(() -> {
                    assertThatThrownBy(() -> channel.sendAll(numbers(0, 300)))
                            .isInstanceOfSatisfying(
                                    PartialSendException.class,
                                    e -> assertThat(e.sent()).isEqualTo(capacity + 3))
                            .hasMessageContaining("sent " + (capacity + 3) + " of 300 elements on Channel")
                            .hasCauseInstanceOf(InterruptedException.class);
                    return Thread.interrupted();
                })
                .parked();
        assertThat(receive(channel, 3)).isEqualTo(numbers(0, 3));
        sender.thread().interrupt();
        assertThat(sender.result()).isTrue();
        assertThat(channel.isIdle()).isTrue();
        assertThat(receive(channel, capacity)).isEqualTo(numbers(3, capacity));
        assertThat(channel.tryReceive()).isNull();
    }

    @Capacities
    void sendAll_closedInTheMiddle_saysHowManyWereSent(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        var sender = Running.run(() -> channel.sendAll(numbers(0, 300))).parked();
        assertThat(receive(channel, 2)).isEqualTo(numbers(0, 2));
        channel.close();
        assertThatThrownBy(sender::result)
                .isInstanceOfSatisfying(
                        PartialSendException.class, e -> assertThat(e.sent()).isEqualTo(capacity + 2))
                .hasCauseInstanceOf(SendOnClosedException.class);
        assertThat(receive(channel, capacity)).isEqualTo(numbers(2, capacity));
    }

    @Capacities
    void sendAll_cancelledInTheMiddle_saysHowManyWereSent(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        var context = Context.background().withCancel();
        var sender =
                Running.run(() -> channel.sendAll(numbers(0, 300), context)).parked();
        assertThat(receive(channel, 5)).isEqualTo(numbers(0, 5));
        context.cancel();
        assertThatThrownBy(sender::result)
                .isInstanceOfSatisfying(
                        PartialSendException.class, e -> assertThat(e.sent()).isEqualTo(capacity + 5))
                .hasCauseInstanceOf(CancelledException.class);
        assertThat(channel.isIdle()).isTrue();
        assertThat(receive(channel, capacity)).isEqualTo(numbers(5, capacity));
    }

    @Capacities
    void sendAll_endedBeforeTheFirstElement_throwsTheCauseItself(int capacity) throws Exception {
        var channel = full(capacity);
        var context = Context.background().withCancel();
        var cancelled =
                Running.run(() -> channel.sendAll(List.of(1, 2), context)).parked();
        context.cancel();
        assertThatThrownBy(cancelled::result).isInstanceOf(CancelledException.class);
        assertThatThrownBy(() -> channel.sendAll(List.of(1, 2), context)).isInstanceOf(CancelledException.class);
        var interrupted = Running.run(() -> channel.sendAll(List.of(1, 2))).parked();
        interrupted.thread().interrupt();
        assertThatThrownBy(interrupted::result).isInstanceOf(InterruptedException.class);
        var closed = Running.run(() -> channel.sendAll(List.of(1, 2))).parked();
        channel.close();
        assertThatThrownBy(closed::result).isInstanceOf(SendOnClosedException.class);
        assertThatThrownBy(() -> channel.sendAll(List.of(1))).isInstanceOf(SendOnClosedException.class);
        assertThat(channel.length()).isEqualTo(capacity);
    }

    @Capacities
    void sendAll_withContextThatStaysOpen_sendsAll(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        try (var context = Context.background().withCancel()) {
            var sender = Running.run(() -> channel.sendAll(numbers(0, 400), context));
            assertThat(receive(channel, 400)).isEqualTo(numbers(0, 400));
            sender.result();
            assertThat(((Channel<Void>) context.done()).isIdle()).isTrue();
        }
    }

    @Capacities
    void sendAll_toSelects_deliversEachElementOnce(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        Channel<Integer> idle = Channel.unbuffered();
        var sender = Running.run(() -> channel.sendAll(numbers(0, 300))).parked();
        var received = new ArrayList<Integer>();
        for (int i = 0; i < 300; i++) {
            received.add(Select.<Integer>select(Select.receive(idle, v -> -1), Select.receive(channel, v -> v)));
        }
        sender.result();
        assertThat(received).isEqualTo(numbers(0, 300));
    }

    @Test
    void sendAll_ofNothing_doesNothing() throws Exception {
        Channel<Integer> channel = Channel.unbuffered();
        channel.sendAll(List.of());
        channel.close();
        channel.sendAll(List.of());
        assertThat(channel.stats().sent()).isZero();
    }

    @Test
    @SuppressWarnings("NullAway") // what a caller without a null checker does
    void sendAll_withNull_sendsNothing() {
        Channel<Integer> channel = Channel.bounded(4);
        assertThatThrownBy(() -> channel.sendAll(Arrays.asList(1, 2, null)))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("element 2 of the 3");
        assertThat(channel.length()).isZero();
    }
}
