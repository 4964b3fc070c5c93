package dev.weir.runtime.inspect;

import static dev.weir.runtime.Select.consume;
import static dev.weir.runtime.Select.select;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Group;
import dev.weir.runtime.Running;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.WaitGroup;
import dev.weir.runtime.WeightedSemaphore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// The leaking programs of Go's `testgoroutineleakprofile` (simple.go, commonpatterns.go), each a
/// thread or two that wait for what nobody reaches, and some that wait and are reachable. Prints a
/// leak report. For a JVM of its own.
final class Leaks {
    private static final Channel<Integer> REACHABLE = Channel.unbuffered();

    private Leaks() {}

    private static void go(String name, Group.Task task) {
        Scheduler.shared().start(name, () -> {
            try {
                task.run();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @SuppressWarnings("WaitNotInLoop") // it is never told
    private static void simple() throws InterruptedException {
        go("nil-receive", () -> Channel.never().receive());
        go("nil-send", () -> Channel.never().send(1));
        Channel<Integer> received = Channel.unbuffered();
        go("receive", received::receive);
        Channel<Integer> sent = Channel.unbuffered();
        go("send", () -> sent.send(1));
        Channel<Integer> one = Channel.unbuffered();
        Channel<Integer> two = Channel.bounded(1);
        go("select", () -> select(consume(one, _ -> {}, () -> {}), consume(two, _ -> {}, () -> {})));
        var count = WaitGroup.of("count");
        count.add(1);
        go("wait-group", count::await);
        var semaphore = WeightedSemaphore.of(1);
        semaphore.acquire(1);
        go("semaphore", () -> semaphore.acquire(1));
        var mutex = new ReentrantLock();
        go("lock-holder", mutex::lock);
        go("lock", () -> {
            while (!mutex.isLocked()) {
                Thread.onSpinWait();
            }
            mutex.lock();
        });
        var condition = new ReentrantLock();
        var changed = condition.newCondition();
        go("condition", () -> {
            condition.lock();
            try {
                changed.await();
            } finally {
                condition.unlock();
            }
        });
    }

    /// A channel that nobody closes, a result that is sent twice and read once, a consumer that
    /// leaves.
    private static void patterns() throws InterruptedException {
        Channel<Integer> ranged = Channel.bounded(2);
        go("no-close", () -> ranged.forEach(_ -> {}));
        ranged.send(1);
        Channel<Integer> result = Channel.unbuffered();
        go("double-send", () -> {
            result.send(1);
            result.send(2);
        });
        result.receive();
        Channel<Integer> early = Channel.unbuffered();
        go("early-return", () -> early.send(1));
    }

    private static void living() {
        go("reachable", REACHABLE::receive);
        go("sleeper", () -> Thread.sleep(1_000_000));
        go("ended", () -> {});
    }

    public static void main(String[] args) throws Exception {
        simple();
        patterns();
        living();
        Channel<Integer> filler = Channel.unbuffered();
        go("filler", () -> filler.send(1)); // who has run last may still be on the stack of a JDK carrier
        filler.receive();
        List.of("receive", "send", "select", "no-close", "double-send", "lock", "condition", "sleeper")
                .forEach(Leaks::awaitWait);
        var report = LeakReport.take(Duration.ZERO);
        System.out.println("provable " + report.provable());
        report.proven().forEach(leak -> System.out.println("proven " + leak));
        report.suspected().forEach(leak -> System.out.println("suspected " + leak));
        if (REACHABLE.trySend(1)) {
            System.out.println("the reachable one was there");
        }
    }

    private static void awaitWait(String name) {
        Running.until(() -> {
            if (!Seen.lives(name)) {
                return false;
            }
            var activity = Seen.named(name).activity();
            return activity == Activity.WAITING || activity == Activity.SLEEPING;
        });
    }
}
