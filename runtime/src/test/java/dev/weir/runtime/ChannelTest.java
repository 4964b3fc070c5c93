package dev.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ChannelTest {

    @Test
    void bounded_sendThenClose_drainsInOrder() throws Exception {
        Channel<Integer> channel = Channel.bounded(4);
        try (var group = Group.of(Context.background(), "sender")) {
            group.go(() -> {
                for (int i = 0; i < 100; i++) {
                    channel.send(i);
                }
                channel.close();
            });
            var seen = new ArrayList<Integer>();
            for (var each : channel) {
                seen.add(each);
            }
            group.await();
            assertThat(seen).hasSize(100).isSorted();
        }
    }

    @Test
    void unbuffered_batchReceive_getsAll() throws Exception {
        Channel<Integer> channel = Channel.unbuffered();
        try (var group = Group.of(Context.background(), "sender")) {
            group.go(() -> {
                for (int i = 0; i < 100; i++) {
                    channel.send(i, group.context());
                }
                channel.close();
            });
            List<Integer> seen = new ArrayList<>();
            while (channel.receiveUpTo(seen, 7) > 0) {}
            group.await();
            assertThat(seen).hasSize(100).isSorted();
        }
        assertThatThrownBy(channel::receive).isInstanceOf(ReceiveOnClosedException.class);
        assertThatThrownBy(() -> channel.send(1)).isInstanceOf(SendOnClosedException.class);
    }
}
