package dev.weir.runtime;

import static dev.weir.runtime.ChannelTest.channel;
import static dev.weir.runtime.ChannelTest.full;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of elements that no receiver gets.
@Timeout(30)
final class ChannelUndeliveredTest {
    private final List<Integer> undelivered = new ArrayList<>();

    private Channel<Integer> tracked(int capacity) {
        return capacity == 0 ? Channel.unbuffered(undelivered::add) : Channel.bounded(capacity, undelivered::add);
    }

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    @Capacities
    void closeAndDrain_withElements_returnsThemInOrder(int capacity) {
        var channel = full(capacity);
        assertThat(channel.closeAndDrain()).isEqualTo(numbers(capacity));
        assertThat(channel.length()).isZero();
        assertThatThrownBy(channel::receive).isInstanceOf(ReceiveOnClosedException.class);
        assertThat(channel.closeAndDrain()).isEmpty();
    }

    @Capacities
    void closeAndDrain_ofClosedChannel_returnsWhatIsLeft(int capacity) {
        var channel = full(capacity);
        channel.close();
        assertThat(channel.closeAndDrain()).hasSize(capacity);
    }

    @Capacities
    void closeAndDrain_withWaitingSenders_leavesThemTheirElements(int capacity) {
        var channel = full(capacity);
        var sender = Running.run(() -> channel.send(-1)).parked();
        assertThat(channel.closeAndDrain()).isEqualTo(numbers(capacity));
        assertThatThrownBy(sender::result).isInstanceOf(SendOnClosedException.class);
    }

    @Capacities
    void closeAndDrain_withUndelivered_callsItForEach(int capacity) throws Exception {
        var channel = tracked(capacity);
        channel.sendAll(numbers(capacity));
        assertThat(channel.closeAndDrain()).isEqualTo(numbers(capacity));
        assertThat(undelivered).isEqualTo(numbers(capacity));
        var stats = channel.stats();
        assertThat(stats.undelivered()).isEqualTo(capacity);
        assertThat(stats.received()).isZero();
        assertThat(stats.sent()).isEqualTo(capacity);
    }

    @Test
    void closeAndDrain_withUndeliveredThatThrows_callsItForTheRestAndThrows() throws Exception {
        Channel<Integer> channel = Channel.bounded(7, each -> {
            undelivered.add(each);
            if (each < 2) {
                throw new IllegalStateException("element " + each);
            }
        });
        channel.sendAll(numbers(4));
        assertThatThrownBy(channel::closeAndDrain)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("element 0")
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        assertThat(undelivered).containsExactly(0, 1, 2, 3);
    }

    @Test
    void undelivered_thatUsesTheChannel_doesNotDeadlock() throws Exception {
        List<Channel<Integer>> self = new ArrayList<>();
        Channel<Integer> channel = Channel.bounded(
                2, each -> undelivered.add(each + self.getFirst().length()));
        self.add(channel);
        channel.sendAll(List.of(10, 20));
        channel.closeAndDrain();
        assertThat(undelivered).containsExactly(10, 20);
    }

    @Capacities
    void receiveUpTo_withCollectionThatThrows_givesTheRestToUndelivered(int capacity) throws Exception {
        var channel = tracked(capacity);
        int count = capacity + 4;
        var sender = Running.run(() -> channel.sendAll(numbers(count))).parked();
        var into = failingAfter(2);
        assertThatThrownBy(() -> channel.receiveUpTo(into, 64)).hasMessage("full");
        assertThat(into).containsExactly(0, 1);
        sender.result();
        int taken = Math.min(64, count);
        assertThat(undelivered).isEqualTo(numbers(count).subList(2, taken));
        var stats = channel.stats();
        assertThat(stats.received()).isEqualTo(2);
        assertThat(stats.undelivered()).isEqualTo(taken - 2);
        assertThat(stats.sent()).isEqualTo(count);
    }

    @Test
    void receiveUpTo_whoseFirstElementCannotBeAdded_givesItToUndelivered() throws Exception {
        var channel = tracked(1);
        var receiver =
                Running.call(() -> channel.receiveUpTo(failingAfter(0), 8)).parked();
        channel.send(5);
        assertThatThrownBy(receiver::result).hasMessage("full");
        assertThat(undelivered).containsExactly(5);
    }

    @Test
    void receiveUpTo_withUndeliveredThatThrowsToo_keepsBothFailures() throws Exception {
        Consumer<Integer> failing = each -> {
            throw new IllegalArgumentException("undelivered " + each);
        };
        Channel<Integer> channel = Channel.bounded(2, failing);
        channel.send(1);
        assertThatThrownBy(() -> channel.receiveUpTo(failingAfter(0), 2))
                .hasMessage("full")
                .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("undelivered 1"));
    }

    private static List<Integer> failingAfter(int size) {
        return new ArrayList<>() {
            private static final long serialVersionUID = 1L;

            @Override
            public boolean add(Integer element) {
                if (size() == size) {
                    throw new IllegalStateException("full");
                }
                return super.add(element);
            }
        };
    }

    @Capacities
    void endsOfWaits_ofEveryKind_leaveNothingUndelivered(int capacity) throws Exception {
        var channel = tracked(capacity);
        channel.sendAll(numbers(capacity));
        var context = Context.background().withCancel();
        var interrupted = Running.run(() -> channel.send(-1)).parked();
        var cancelled = Running.run(() -> channel.send(-2, context)).parked();
        interrupted.thread().interrupt();
        context.cancel();
        assertThatThrownBy(interrupted::result).isInstanceOf(InterruptedException.class);
        assertThatThrownBy(cancelled::result).isInstanceOf(CancelledException.class);
        for (int i = 0; i < capacity; i++) {
            assertThat(channel.receive()).isEqualTo(i);
        }
        assertThat(undelivered).isEmpty();
    }

    /// Closing and receiving at once: every element has one owner in the end.
    @Capacities
    void closeAndDrain_besideReceivers_leavesEachElementToOne(int capacity) throws Exception {
        for (int round = 0; round < 50; round++) {
            Channel<Integer> channel = channel(capacity);
            List<Integer> sent = new ArrayList<>();
            var sender = Running.run(() -> {
                try {
                    for (int i = 0; ; i++) {
                        channel.send(i);
                        sent.add(i);
                    }
                } catch (SendOnClosedException e) {
                    // The end of this round.
                }
            });
            List<Integer> received = new ArrayList<>();
            var receiver = Running.run(() -> channel.forEach(received::add));
            Running.until(() -> channel.stats().received() > 20);
            var drained = channel.closeAndDrain();
            sender.result();
            receiver.result();
            received.addAll(drained);
            received.sort(null);
            assertThat(received).isEqualTo(sent);
        }
    }

    @Test
    void closeAndDrain_ofNever_isRefused() {
        assertThatThrownBy(() -> Channel.never().closeAndDrain()).isInstanceOf(IllegalStateException.class);
    }
}
