package dev.weir.runtime.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.Group;
import dev.weir.runtime.Scheduler;
import org.junit.jupiter.api.Test;

/// The examples of [LeftThreads] and [LeaveNoThreads].
final class LeftThreadsExampleTest {
    // @start region="annotation"
    @Test
    @LeaveNoThreads
    void group_afterItsEnd_hasNoThreads() throws Exception {
        var numbers = Channel.<Integer>unbuffered();
        try (var group = Group.of(Context.background(), "numbers")) {
            group.go(() -> numbers.send(42));
            assertThat(numbers.receive()).isEqualTo(42);
        }
    }
    // @end

    @Test
    void watch() throws Exception {
        // @start region="watch"
        try (var left = LeftThreads.watch()) {
            Scheduler.shared().start("worker", () -> {});
            left.check(); // waits a little for threads that are about to end
        }
        // @end
    }
}
