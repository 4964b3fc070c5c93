package dev.weir.runtime;

import static dev.weir.runtime.ChannelTest.channel;
import static dev.weir.runtime.ChannelTest.full;
import static dev.weir.runtime.Select.consume;
import static dev.weir.runtime.Select.orElse;
import static dev.weir.runtime.Select.receive;
import static dev.weir.runtime.Select.select;
import static dev.weir.runtime.Select.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Which operations block, never block or throw, on channels that are nil, open, full, empty or closed; plain,
/// as the only case of a select, and beside a case that is never ready.
@Timeout(60)
final class SelectMatrixTest {

    /// An operation in its three forms.
    private static List<Group.Task> forms(Group.Task plain, Case<?> inSelect) {
        return List.of(
                plain, () -> select(inSelect), () -> select(inSelect, receive(Channel.<Integer>never(), v -> v)));
    }

    private static List<Group.Task> sends(Channel<Integer> channel) {
        return forms(() -> channel.send(7), send(channel, 7, () -> {}));
    }

    private static List<Group.Task> receives(Channel<Integer> channel) {
        return forms(channel::receive, consume(channel, v -> {}));
    }

    private static void assertBlocks(List<Group.Task> forms) {
        for (var form : forms) {
            var blocked = Running.run(form).parked();
            blocked.thread().interrupt();
            assertThatThrownBy(blocked::result).isInstanceOf(InterruptedException.class);
        }
    }

    private static void assertNeverBlocks(List<Group.Task> forms) throws Exception {
        for (var form : forms) {
            assertThat(Running.run(form).result()).isTrue();
        }
    }

    private static void assertThrows(List<Group.Task> forms, Class<? extends Exception> type) {
        for (var form : forms) {
            assertThatThrownBy(Running.run(form)::result).isInstanceOf(type);
        }
    }

    @Test
    void never_blocksAlways() {
        assertBlocks(sends(Channel.never()));
        assertBlocks(receives(Channel.never()));
        assertBlocks(List.of(() -> select()));
        assertBlocks(List.of(() -> Channel.never().receiveUpTo(new ArrayList<>(), 1)));
        var loop = Running.call(() -> Channel.never().iterator().hasNext()).parked();
        loop.thread().interrupt();
        assertThatThrownBy(loop::result).isInstanceOf(IterationInterruptedException.class);
        assertThat(Channel.never().length()).isZero();
        assertThat(Channel.never().capacity()).isZero();
    }

    @Capacities
    void open_empty_blocksReceiversOnly(int capacity) throws Exception {
        assertBlocks(receives(channel(capacity)));
        if (capacity == 0) {
            assertBlocks(sends(channel(0)));
        }
        for (int form = 0; form < (capacity == 0 ? 0 : 3); form++) {
            Channel<Integer> room = channel(capacity);
            assertNeverBlocks(List.of(sends(room).get(form)));
            assertThat(room.length()).isEqualTo(1);
        }
    }

    @Capacities
    void open_full_blocksSendersOnly(int capacity) throws Exception {
        assertBlocks(sends(full(capacity)));
        for (int form = 0; form < (capacity == 0 ? 0 : 3); form++) {
            var full = full(capacity);
            assertNeverBlocks(List.of(receives(full).get(form)));
            assertThat(full.length()).isEqualTo(capacity - 1);
        }
    }

    @Capacities
    void closed_throwsAndNeverBlocks(int capacity) throws Exception {
        Channel<Integer> drained = channel(capacity);
        drained.close();
        assertThrows(sends(drained), SendOnClosedException.class);
        assertThrows(receives(drained), ReceiveOnClosedException.class);
        assertThrows(List.of(drained::close), CloseOfClosedException.class);
        var undrained = full(capacity);
        undrained.close();
        assertThrows(sends(undrained), SendOnClosedException.class);
        for (int i = 0; i < capacity; i++) {
            assertNeverBlocks(List.of(receives(undrained).get(i % 3)));
        }
        assertThrows(receives(undrained), ReceiveOnClosedException.class);
    }

    @Test
    void selfOperations_onUnbufferedChannel_block() {
        Channel<Integer> channel = Channel.unbuffered();
        assertBlocks(List.of(() -> select(send(channel, 1, () -> {}), consume(channel, v -> {}))));
        assertThat(channel.isIdle()).isTrue();
    }

    @Capacities
    void selfOperations_onBufferedChannel_sendAndThenReceive(int capacity) throws Exception {
        Channel<Integer> channel = channel(Math.max(1, capacity));
        Case<String> sending = send(channel, 1, () -> "sent");
        Case<String> receiving = receive(channel, v -> "received");
        assertThat(select(sending, receiving)).isEqualTo("sent");
        while (channel.length() < channel.capacity()) {
            channel.send(2);
        }
        assertThat(select(sending, receiving)).isEqualTo("received");
    }

    @Test
    void loopThatReplacesSentChannelsByNever_sendsOnEachOnce() throws Exception {
        Channel<Integer> first = Channel.bounded(1);
        Channel<Integer> second = Channel.bounded(1);
        var made = new AtomicInteger();
        SendChannel<Integer> toFirst = first;
        SendChannel<Integer> toSecond = second;
        for (int round = 0; round < 2; round++) {
            // Both elements are made in each round, whichever case is chosen.
            int chosen = select(
                    send(toFirst, made.incrementAndGet(), () -> 1), send(toSecond, made.incrementAndGet(), () -> 2));
            if (chosen == 1) {
                toFirst = Channel.never();
            } else {
                toSecond = Channel.never();
            }
        }
        assertThat(made).hasValue(4);
        assertThat(first.length() + second.length()).isEqualTo(2);
        assertBlocks(List.of(eitherSend(toFirst, toSecond)));
    }

    private static Group.Task eitherSend(SendChannel<Integer> first, SendChannel<Integer> second) {
        return () -> select(send(first, 0, () -> {}), send(second, 0, () -> {}));
    }

    @Test
    void chosenCase_aloneRunsItsHandler() throws Exception {
        var ready = full(1);
        List<String> ran = new ArrayList<>();
        select(
                consume(Channel.<Integer>unbuffered(), v -> ran.add("idle")),
                consume(ready, v -> ran.add("ready " + v)),
                send(Channel.<Integer>unbuffered(), 1, () -> {
                    ran.add("sent");
                }));
        assertThat(ran).containsExactly("ready 0");
    }

    @Test
    void references_throughSelect_keepTheirIdentity() throws Exception {
        Channel<Object> channel = Channel.bounded(1);
        var element = new Object();
        select(send(channel, element, () -> {}), orElse(() -> {}));
        Object received = select(receive(channel, v -> v), orElse(() -> "none"));
        assertThat(received).isSameAs(element);
    }

    /// Of two sends to one channel neither is preferred, also when both wait for the receiver that comes.
    @Capacities
    void zeroOrOne_sentBySelect_isRandom(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        int count = 400;
        var sender = Running.run(() -> {
            for (int i = 0; i < count; i++) {
                select(send(channel, 0, () -> {}), send(channel, 1, () -> {}));
            }
        });
        int ones = 0;
        for (int i = 0; i < count; i++) {
            if (i < count / 2 && !sender.isDone()) {
                sender.parked();
            }
            ones += channel.receive();
        }
        sender.result();
        // Six deviations on each side: a fair select exceeds them once in some hundred million runs.
        assertThat(ones).isBetween(count / 2 - 60, count / 2 + 60);
    }

    @Capacities
    void manySelects_leaveNothingBehind(int capacity) throws Exception {
        Channel<Integer> busy = channel(capacity);
        Channel<Integer> idle = channel(capacity);
        // Two selects each.
        int rounds = capacity == 0 ? 50_000 : 10_000;
        long before = usedBytes();
        var sender = Running.run(() -> {
            for (int i = 0; i < rounds; i++) {
                select(send(busy, i, () -> {}), consume(idle, v -> {}));
            }
        });
        for (int i = 0; i < rounds; i++) {
            assertThat((int) select(receive(busy, v -> v), receive(idle, v -> -1), receive(busy, v -> v)))
                    .isEqualTo(i);
        }
        sender.result();
        assertThat(idle.isIdle() && busy.isIdle()).isTrue();
        // A waiter of 48 bytes left by each select would be as much, and more.
        assertThat(usedBytes() - before).isLessThan(1_000_000);
    }

    private static long usedBytes() {
        var runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
