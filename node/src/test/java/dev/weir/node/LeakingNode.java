package dev.weir.node;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.inspect.Lookout;
import dev.weir.testkit.CountingMeters;
import java.time.Duration;

/// A lookout, and a thread that waits for what nobody reaches. Prints how many leaks were counted
/// and the lines of the log, as soon as there are some. For a JVM of its own: whether leaks can be
/// proven is an option of the JVM.
final class LeakingNode {
    private LeakingNode() {}

    private static void leak() {
        Channel<Integer> unreachable = Channel.unbuffered();
        Scheduler.go("forgotten", () -> {
            try {
                unreachable.receive();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    public static void main(String[] arguments) throws InterruptedException {
        var limits = new Lookout.Limits(
                Duration.ofMillis(20), Duration.ofMinutes(1), Double.MAX_VALUE, 20_000, Duration.ofMinutes(10));
        var meters = new CountingMeters();
        var log = new KeptLog();
        leak();
        try (Lookout _ = NodeLookout.start(meters, limits, log)) {
            while (log.lines().isEmpty()) {
                System.gc();
                Thread.sleep(20);
            }
        }
        System.out.println("counted " + NodeLookoutTest.found(meters, "leaked"));
        log.lines().forEach(System.out::println);
    }
}
