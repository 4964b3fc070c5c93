package dev.weir.runtime;

import static dev.weir.runtime.ChannelTest.channel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What holds for every channel beside its operations: bounds, sides, what one thread sees of another.
@Timeout(30)
final class ChannelContractTest {
    private int plain;

    @Test
    void bounded_ofHugeCapacity_isRefused() {
        assertThatThrownBy(() -> Channel.bounded(Integer.MAX_VALUE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 16777216")
                .hasMessageContaining("but was " + Integer.MAX_VALUE);
    }

    @Test
    void sides_ofAChannel_offerOnlyTheirOperations() {
        assertThat(methods(SendChannel.class)).doesNotContain("receive", "tryReceive", "receiveUpTo", "iterator");
        assertThat(methods(ReceiveChannel.class)).doesNotContain("send", "trySend", "sendAll", "close", "closeIfOpen");
    }

    private static Set<String> methods(Class<?> side) {
        return Arrays.stream(side.getMethods()).map(m -> m.getName()).collect(Collectors.toSet());
    }

    /// The k-th receive happens before the (k+1)-th send: a channel of one is a lock.
    @Test
    void channelOfOne_usedAsALock_guardsPlainState() throws Exception {
        Channel<Integer> lock = Channel.bounded(1);
        var first = Running.run(() -> incrementUnder(lock));
        incrementUnder(lock);
        first.result();
        assertThat(plain).isEqualTo(20_000);
    }

    private void incrementUnder(Channel<Integer> lock) throws InterruptedException {
        for (int i = 0; i < 10_000; i++) {
            lock.send(1);
            plain++;
            lock.receive();
        }
    }

    @Capacities
    void plainState_writtenBeforeASendOrAClose_isSeenByTheReceiver(int capacity) throws Exception {
        Channel<int[]> channel = channel(capacity);
        var shared = new int[1];
        var sender = Running.run(() -> {
            var own = new int[] {7};
            channel.send(own);
            shared[0] = 8;
            channel.close();
        });
        assertThat(channel.receive()[0]).isEqualTo(7);
        assertThatThrownBy(channel::receive).isInstanceOf(ReceiveOnClosedException.class);
        assertThat(shared[0]).isEqualTo(8);
        sender.result();
    }
}
