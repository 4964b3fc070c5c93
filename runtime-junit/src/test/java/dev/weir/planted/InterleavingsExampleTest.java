package dev.weir.planted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.runtime.Channel;
import dev.weir.runtime.junit.Interleaved;
import dev.weir.runtime.junit.Interleavings;
import org.junit.jupiter.api.Test;

/// The examples of [Interleavings] and [Interleaved].
final class InterleavingsExampleTest {
    // @start region="annotation"
    private int count;

    private synchronized void add() {
        count++; // without `synchronized` some schedule loses one
    }

    @Test
    @Interleaved
    void add_byTwoThreads_countsBoth() throws Exception {
        var other = Thread.startVirtualThread(this::add);
        add();
        other.join();
        assertThat(count).isEqualTo(2);
    }
    // @end

    @Test
    void explore() throws Exception {
        // @start region="explore"
        Interleavings.of(1000).explore(() -> {
            var channel = Channel.<String>bounded(1);
            channel.send("the only one");
            var other = Thread.startVirtualThread(channel::tryReceive);
            channel.tryReceive(); // `if (channel.length() > 0) channel.receive()` would wait for ever in some
            other.join();
        });
        // @end
    }
}
