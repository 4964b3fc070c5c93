package dev.weir.runtime;

import static dev.weir.runtime.ChannelTest.channel;
import static dev.weir.runtime.Select.receive;
import static dev.weir.runtime.Select.select;
import static dev.weir.runtime.Select.send;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Small concurrent programs of the kind that Go is tested with: they end with the right answer, or hang.
@Timeout(60)
final class GoProgramsTest {

    private static Group group() {
        return Group.of(Context.background(), "go");
    }

    @Test
    void sieve_ofChainedFilters_yieldsThePrimes() throws Exception {
        try (var group = group()) {
            Channel<Integer> numbers = Channel.unbuffered();
            group.go(() -> {
                for (int i = 2; ; i++) {
                    numbers.send(i, group.context());
                }
            });
            ReceiveChannel<Integer> source = numbers;
            var primes = new ArrayList<Integer>();
            while (primes.size() < 25) {
                int prime = source.receive();
                primes.add(prime);
                source = withoutMultiplesOf(prime, source, group);
            }
            assertThat(primes).startsWith(2, 3, 5, 7, 11).endsWith(83, 89, 97);
        }
    }

    private static ReceiveChannel<Integer> withoutMultiplesOf(int prime, ReceiveChannel<Integer> in, Group group)
            throws InterruptedException {
        Channel<Integer> out = Channel.unbuffered();
        group.go(() -> {
            while (true) {
                int number = in.receive(group.context());
                if (number % prime != 0) {
                    out.send(number, group.context());
                }
            }
        });
        return out;
    }

    @Test
    void daisyChain_ofTenThousandThreads_passesOneValue() throws Exception {
        try (var group = group()) {
            Channel<Integer> leftmost = Channel.unbuffered();
            var left = leftmost;
            for (int i = 0; i < 10_000; i++) {
                Channel<Integer> right = Channel.unbuffered();
                var target = left;
                group.go(() -> target.send(1 + right.receive()));
                left = right;
            }
            left.send(0);
            assertThat(leftmost.receive()).isEqualTo(10_000);
            group.await();
        }
    }

    @Capacities
    void manySendersAndReceivers_moveEachElementOnce(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        List<Integer> all = IntStream.range(0, 4_000).boxed().toList();
        try (var receivers = group();
                var senders = group()) {
            Channel<List<Integer>> results = Channel.bounded(4);
            for (int i = 0; i < 4; i++) {
                int offset = i;
                senders.go(() -> {
                    for (int j = offset; j < all.size(); j += 4) {
                        channel.send(all.get(j));
                    }
                });
                receivers.go(() -> {
                    var seen = new ArrayList<Integer>();
                    channel.forEach(seen::add);
                    results.send(seen);
                });
            }
            senders.await();
            channel.close();
            receivers.await();
            results.close();
            var seen = new ArrayList<Integer>();
            results.forEach(seen::addAll);
            assertThat(seen).containsExactlyInAnyOrderElementsOf(all);
        }
    }

    @Test
    void workersBehindWorkers_endOneStageAfterTheOther() throws Exception {
        int items = 50_000;
        Channel<Integer> queue = Channel.bounded(32);
        Channel<Integer> results = Channel.bounded(32);
        try (var workers = group();
                var feeder = group()) {
            for (int i = 0; i < 23; i++) {
                workers.go(() -> {
                    for (var each : queue) {
                        results.send(each);
                    }
                });
            }
            feeder.go(() -> {
                for (int i = 0; i < items; i++) {
                    queue.send(i % 7);
                }
                queue.close();
                workers.await();
                results.close();
            });
            int count = 0;
            long sum = 0;
            for (int each : results) {
                count++;
                sum += each;
            }
            feeder.await();
            assertThat(count).isEqualTo(items);
            assertThat(sum)
                    .isEqualTo(IntStream.range(0, items)
                            .map(i -> i % 7)
                            .asLongStream()
                            .sum());
        }
    }

    @Test
    void selectOverFourSends_deliversEachValueOnce() throws Exception {
        int values = 20_000;
        List<Channel<Integer>> lanes =
                List.of(Channel.unbuffered(), Channel.unbuffered(), Channel.unbuffered(), Channel.unbuffered());
        Channel<Integer> merged = Channel.unbuffered();
        try (var group = group();
                var forwarders = group()) {
            group.go(() -> {
                for (int i = 0; i < values; i++) {
                    select(
                            send(lanes.get(0), i, () -> {}),
                            send(lanes.get(1), i, () -> {}),
                            send(lanes.get(2), i, () -> {}),
                            send(lanes.get(3), i, () -> {}));
                }
                lanes.forEach(Channel::close);
                forwarders.await();
                merged.close();
            });
            for (var lane : lanes) {
                forwarders.go(() -> {
                    for (var each : lane) {
                        merged.send(each);
                    }
                });
            }
            var seen = new ArrayList<Integer>();
            merged.forEach(seen::add);
            group.await();
            seen.sort(null);
            assertThat(seen).isEqualTo(IntStream.range(0, values).boxed().toList());
        }
    }

    @Capacities
    void twoThreadsThatSelectBothSidesOfOneChannel_makeProgress(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        int rounds = 1_000;
        try (var group = group()) {
            for (int side = 0; side < 2; side++) {
                int own = side;
                group.go(() -> {
                    for (int i = 0; i < rounds; i++) {
                        boolean fromOther = select(
                                send(channel, own, () -> true), receive(channel, from -> capacity > 0 || from != own));
                        assertThat(fromOther).isTrue();
                    }
                    // Lets the other side finish when it still waits for a partner.
                    channel.trySend(own);
                    channel.closeIfOpen();
                });
            }
            assertEndsByCompletionOrClose(group);
        }
    }

    private static void assertEndsByCompletionOrClose(Group group) throws InterruptedException {
        try {
            group.await();
        } catch (TaskFailedException e) {
            assertThat(e.getCause()).isInstanceOf(ChannelClosedException.class);
        }
    }

    @Test
    void selectAndPlainOperationsMixed_onManyChannels_terminate() throws Exception {
        int rounds = 5_000;
        List<Channel<Integer>> channels =
                List.of(Channel.unbuffered(), Channel.unbuffered(), Channel.bounded(2), Channel.bounded(3));
        try (var group = group()) {
            for (var channel : channels) {
                group.go(() -> {
                    for (int i = 0; i < rounds; i++) {
                        channel.send(i);
                    }
                });
                group.go(() -> {
                    for (int i = 0; i < rounds; i++) {
                        channel.receive();
                    }
                });
            }
            group.go(() -> sendOnAll(channels, rounds));
            group.go(() -> receiveOnAll(channels, rounds));
            group.await();
        }
        channels.forEach(channel -> assertThat(channel.length()).isZero());
    }

    private static void sendOnAll(List<Channel<Integer>> channels, int rounds) throws InterruptedException {
        var left = new int[] {rounds, rounds, rounds, rounds};
        for (int i = 0; i < rounds * 4; i++) {
            left[
                    select(
                            send(orNever(channels, left, 0), i, () -> 0),
                            send(orNever(channels, left, 1), i, () -> 1),
                            send(orNever(channels, left, 2), i, () -> 2),
                            send(orNever(channels, left, 3), i, () -> 3))]--;
        }
    }

    private static void receiveOnAll(List<Channel<Integer>> channels, int rounds) throws InterruptedException {
        var left = new int[] {rounds, rounds, rounds, rounds};
        for (int i = 0; i < rounds * 4; i++) {
            left[
                    select(
                            receive(orNever(channels, left, 0), v -> 0),
                            receive(orNever(channels, left, 1), v -> 1),
                            receive(orNever(channels, left, 2), v -> 2),
                            receive(orNever(channels, left, 3), v -> 3))]--;
        }
    }

    private static Channel<Integer> orNever(List<Channel<Integer>> channels, int[] left, int index) {
        return left[index] > 0 ? channels.get(index) : Channel.never();
    }

    @Test
    void manySelectsOnOneChannel_leaveWhenTheyAreCancelled() throws Exception {
        Channel<Integer> shared = Channel.unbuffered();
        try (var group = group()) {
            for (int i = 0; i < 1_000; i++) {
                Channel<Integer> own = Channel.unbuffered();
                group.go(() -> {
                    select(receive(shared, v -> v), receive(own, v -> v), Select.done(group.context(), () -> -1));
                });
            }
            for (int i = 0; i < 500; i++) {
                shared.send(i);
            }
        }
        assertThat(shared.isIdle()).isTrue();
    }
}
