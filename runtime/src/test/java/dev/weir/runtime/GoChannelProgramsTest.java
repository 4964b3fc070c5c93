package dev.weir.runtime;

import static dev.weir.runtime.ChannelTest.channel;
import static dev.weir.runtime.ChannelTest.full;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What Go's own tests of plain channel operations are about, one program each.
@Timeout(60)
final class GoChannelProgramsTest {

    private static Group group() {
        return Group.of(Context.background(), "go");
    }

    @Test
    void fifo_throughABufferOfTen_keepsTheOrder() throws Exception {
        Channel<Integer> channel = Channel.bounded(10);
        for (int i = 0; i < 10; i++) {
            channel.send(i);
        }
        for (int i = 0; i < 10; i++) {
            assertThat(channel.receive()).isEqualTo(i);
        }
    }

    /// Each link receives its value only after the link before it has finished.
    @Test
    void fifo_alongAChainOfWaitingReceivers_keepsTheOrder() throws Exception {
        Channel<Integer> values = Channel.unbuffered();
        try (var group = group()) {
            Channel<Integer> turn = Channel.bounded(1);
            turn.send(0);
            for (int i = 0; i < 10; i++) {
                int expected = i;
                Channel<Integer> mine = turn;
                Channel<Integer> next = Channel.unbuffered();
                group.go(() -> {
                    mine.receive();
                    assertThat(values.receive()).isEqualTo(expected);
                    next.send(1);
                });
                turn = next;
            }
            var last = turn;
            for (int i = 0; i < 10; i++) {
                values.send(i);
            }
            last.receive();
            group.await();
        }
    }

    private record Reading(String device, double value) {}

    static List<Object> elements() {
        return List.of(123, "abc", 4.5, new Reading("d", 20.5), new byte[] {1, 2});
    }

    @ParameterizedTest
    @MethodSource("elements")
    void nonBlocking_failsFirstAndThenSucceeds(Object element) throws Exception {
        for (int capacity : new int[] {0, 1}) {
            Channel<Object> channel = channel(capacity);
            assertThat(channel.tryReceive()).isNull();
            if (capacity == 0) {
                assertThat(channel.trySend(element)).isFalse();
                var sender = Running.run(() -> channel.send(element)).parked();
                assertThat(channel.tryReceive()).isSameAs(element);
                sender.result();
                var receiver = Running.call(channel::receive).parked();
                assertThat(channel.trySend(element)).isTrue();
                assertThat(receiver.result()).isSameAs(element);
            } else {
                assertThat(channel.trySend(element)).isTrue();
                assertThat(channel.trySend(element)).isFalse();
                assertThat(channel.tryReceive()).isSameAs(element);
            }
        }
    }

    @Test
    void lengthAndCapacity_followTheBuffer() throws Exception {
        Channel<Integer> channel = Channel.bounded(10);
        for (int i = 0; i <= 10; i++) {
            assertThat(channel.length()).isEqualTo(i);
            assertThat(channel.capacity()).isEqualTo(10);
            channel.trySend(i);
        }
        channel.close();
        for (int i = 10; i > 0; i--) {
            assertThat(channel.length()).isEqualTo(i);
            channel.receive();
        }
        assertThat(channel.length()).isZero();
        assertThat(channel.capacity()).isEqualTo(10);
    }

    @Test
    void tenReceivers_ofOneThousandMessages_getEachOnce() throws Exception {
        Channel<Integer> channel = Channel.bounded(2);
        var seen = new AtomicIntegerArray(1_000);
        try (var group = group()) {
            for (int i = 0; i < 10; i++) {
                group.go(() -> {
                    for (int each : channel) {
                        seen.incrementAndGet(each);
                    }
                });
            }
            for (int i = 0; i < 1_000; i++) {
                channel.send(i);
            }
            channel.close();
            group.await();
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(seen.get(i)).as("message %s", i).isEqualTo(1);
        }
    }

    @Test
    void closedReceive_inALoopWithDefault_keepsSayingThatItIsClosed() {
        Channel<Integer> channel = Channel.bounded(1);
        channel.trySend(7);
        channel.close();
        assertThat(channel.tryReceive()).isEqualTo(7);
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(channel::tryReceive).isInstanceOf(ReceiveOnClosedException.class);
        }
    }

    static IntStream capacities() {
        return IntStream.range(0, 200);
    }

    /// The whole life of a channel, for every capacity up to 199.
    @ParameterizedTest
    @MethodSource("capacities")
    void life_ofAChannel_isTheSameForEveryCapacity(int capacity) throws Exception {
        Channel<Integer> empty = channel(capacity);
        var receiver = Running.call(empty::receive).parked();
        assertThat(empty.isIdle()).isFalse();
        empty.send(0);
        assertThat(receiver.result()).isZero();
        assertThat(empty.tryReceive()).isNull();
        var full = full(capacity);
        assertThat(full.length()).isEqualTo(capacity);
        assertThat(full.trySend(-1)).isFalse();
        var sender = Running.run(() -> full.send(capacity)).parked();
        assertThat(full.length()).isEqualTo(capacity);
        assertThat(full.receive()).isZero();
        sender.result();
        full.close();
        for (int i = 1; i <= capacity; i++) {
            assertThat(full.receive()).isEqualTo(i);
        }
        assertThatThrownBy(full::receive).isInstanceOf(ReceiveOnClosedException.class);
        var closing = Running.call(empty::receive).parked();
        empty.close();
        assertThatThrownBy(closing::result).isInstanceOf(ReceiveOnClosedException.class);
    }

    @Capacities
    void oneHundredElements_throughOneChannel_stayInOrder(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        var sender = Running.run(() -> {
            for (int i = 0; i < 100; i++) {
                channel.send(i);
            }
        });
        for (int i = 0; i < 100; i++) {
            assertThat(channel.receive()).isEqualTo(i);
        }
        sender.result();
    }

    /// Short-lived objects travel while the collector runs: the receiver must see them whole.
    @Capacities
    void freshObjects_underGarbageCollection_arriveWhole(int capacity) throws Exception {
        Channel<int[]> channel = channel(capacity);
        try (var group = group()) {
            for (int i = 0; i < 4; i++) {
                group.go(() -> {
                    for (int j = 1; j <= 5_000; j++) {
                        channel.send(new int[] {j, -j, j * 31});
                    }
                });
            }
            for (int i = 0; i < 20_000; i++) {
                int[] got = channel.receive();
                assertThat(got[0] + got[1]).isZero();
                assertThat(got[2]).isEqualTo(got[0] * 31);
                if (i % 5_000 == 0) {
                    System.gc();
                }
            }
            group.await();
        }
    }

    private static <T> ReceiveChannel<T> filter(Group group, Context context, ReceiveChannel<T> in, Predicate<T> wanted)
            throws InterruptedException {
        Channel<T> out = Channel.unbuffered();
        group.go(() -> {
            try {
                for (var each : in) {
                    if (wanted.test(each)) {
                        out.send(each, context);
                    }
                }
            } catch (CancelledException e) {
                // Nobody wants the rest.
            } finally {
                out.close();
            }
        });
        return out;
    }

    @Test
    void pipeline_readToItsEnd_yieldsEverything() throws Exception {
        Channel<Integer> in = Channel.bounded(4);
        try (var group = group()) {
            var even = filter(group, Context.background(), in, n -> n % 2 == 0);
            group.go(() -> {
                in.sendAll(IntStream.range(0, 100).boxed().toList());
                in.close();
            });
            var all = new ArrayList<Integer>();
            even.forEach(all::add);
            assertThat(all)
                    .isEqualTo(IntStream.range(0, 50).map(i -> i * 2).boxed().toList());
            group.await();
        }
    }

    @Test
    void pipeline_whoseConsumerLeaves_ends() throws Exception {
        Channel<Integer> in = Channel.bounded(4);
        in.sendAll(List.of(1, 2, 3));
        in.close();
        try (var group = group()) {
            var abandoned = Context.background().withCancel();
            var out = filter(group, abandoned, in, n -> true);
            assertThat(out.receive()).isEqualTo(1);
            abandoned.cancel();
            group.await();
            assertThatThrownBy(() -> {
                        out.receive();
                        out.receive();
                    })
                    .isInstanceOf(ReceiveOnClosedException.class);
        }
    }

    /// A channel of one element as an exclusive owner: whoever holds the element may change it.
    @Test
    void exclusive_ownerByChannel_losesNoUpdate() throws Exception {
        Channel<HashSet<Integer>> owner = Channel.bounded(1);
        owner.send(new HashSet<>());
        try (var group = group()) {
            for (int i = 0; i < 20; i++) {
                int own = i;
                group.go(() -> {
                    for (int j = 0; j < 100; j++) {
                        var set = owner.receive();
                        set.add(own * 100 + j);
                        owner.send(set);
                    }
                });
            }
            group.await();
        }
        assertThat(owner.receive()).hasSize(2_000);
    }
}
