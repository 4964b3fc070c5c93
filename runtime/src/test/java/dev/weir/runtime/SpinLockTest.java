package dev.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SpinLockTest {
    /// On the JDK's scheduler, threads that only yield keep the carriers from those who come from
    /// outside: with their holder among these, everything stood still.
    @Test
    void lock_wantedByInterruptedThreads_leavesTheCarriersToOthers() throws Exception {
        Channel<Integer> channel = Channel.bounded(128);
        var contenders = new ArrayList<Running<Boolean>>();
        channel.lock();
        try {
            for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
                contenders.add(Running.call(() -> {
                    Thread.currentThread().interrupt();
                    channel.trySend(1);
                    return Thread.interrupted();
                }));
            }
            for (int i = 0; i < 100; i++) {
                assertThat(Running.call(() -> 7).result()).isEqualTo(7);
            }
        } finally {
            channel.unlock();
        }
        for (var contender : contenders) {
            assertThat(contender.result()).as("still interrupted").isTrue();
        }
    }
}
