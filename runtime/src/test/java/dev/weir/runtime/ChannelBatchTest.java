package dev.weir.runtime;

import static dev.weir.runtime.ChannelTest.channel;
import static dev.weir.runtime.ChannelTest.full;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Receiving many elements at once.
@Timeout(30)
final class ChannelBatchTest {

    @Capacities
    void receiveUpTo_whileEmpty_waitsForTheFirstElement(int capacity) throws Exception {
        Channel<Integer> channel = channel(capacity);
        var into = new ArrayList<Integer>();
        var receiver = Running.call(() -> channel.receiveUpTo(into, 10)).parked();
        channel.send(1);
        assertThat(receiver.result()).isEqualTo(1);
        assertThat(into).containsExactly(1);
    }

    @Capacities
    void receiveUpTo_withElementsAndWaitingSenders_takesBothInOrder(int capacity) throws Exception {
        var channel = full(capacity);
        var senders = new ArrayList<Running<Boolean>>();
        for (int i = 0; i < 3; i++) {
            int element = capacity + i;
            senders.add(Running.run(() -> channel.send(element)).parked());
        }
        var into = new ArrayList<Integer>();
        assertThat(channel.receiveUpTo(into, 1_000)).isEqualTo(capacity + 3);
        assertThat(into).isEqualTo(IntStream.range(0, capacity + 3).boxed().toList());
        for (var sender : senders) {
            sender.result();
        }
    }

    @Test
    void receiveUpTo_withMoreThanMax_leavesTheRest() throws Exception {
        var channel = full(128);
        var into = new ArrayList<Integer>();
        assertThat(channel.receiveUpTo(into, 100)).isEqualTo(100);
        assertThat(channel.length()).isEqualTo(28);
        assertThat(channel.receive()).isEqualTo(100);
    }

    @Capacities
    void receiveUpTo_afterClose_drainsAndThenReturnsZero(int capacity) throws Exception {
        var channel = full(capacity);
        channel.close();
        var into = new ArrayList<Integer>();
        assertThat(channel.receiveUpTo(into, 1_000)).isEqualTo(capacity);
        assertThat(channel.receiveUpTo(into, 1_000)).isZero();
        assertThat(channel.receiveUpTo(into, 1_000, Context.background())).isZero();
        assertThat(into).hasSize(capacity);
    }

    @Test
    void receiveUpTo_closedWhileWaiting_returnsZero() throws Exception {
        Channel<Integer> channel = Channel.bounded(4);
        var receiver =
                Running.call(() -> channel.receiveUpTo(new ArrayList<>(), 4)).parked();
        channel.close();
        assertThat(receiver.result()).isZero();
    }

    @Test
    void receiveUpTo_cancelledWhileWaiting_throws() {
        Channel<Integer> channel = Channel.bounded(4);
        var context = Context.background().withCancel();
        var receiver = Running.call(() -> channel.receiveUpTo(new ArrayList<>(), 4, context))
                .parked();
        context.cancel();
        assertThatThrownBy(receiver::result).isInstanceOf(CancelledException.class);
    }

    @Test
    void receiveUpTo_withMaxBelowOne_isRefused() {
        Channel<Integer> channel = Channel.bounded(4);
        assertThatThrownBy(() -> channel.receiveUpTo(new ArrayList<>(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 1, but was 0");
    }

    @Test
    void receiveUpTo_intoCollectionThatUsesTheChannel_doesNotDeadlock() throws Exception {
        var channel = full(2);
        List<Integer> lengths = new ArrayList<>();
        var into = new ArrayList<Integer>() {
            private static final long serialVersionUID = 1L;

            @Override
            public boolean add(Integer element) {
                lengths.add(channel.length());
                return super.add(element);
            }
        };
        channel.receiveUpTo(into, 2);
        assertThat(lengths).containsExactly(0, 0);
    }
}
