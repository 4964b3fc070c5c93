import dev.weir.runtime.Lane;
import dev.weir.runtime.Scheduler;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/// Threads that compute and never wait, and one that has to act every 5 ms. On the JDK's scheduler it waits until
/// the others have finished; here the processors are taken from them. Try it with -Dweir.scheduler=jdk.
public final class Hogs {
    private static volatile long sink;

    public static void main(String[] args) throws InterruptedException {
        Duration work = Duration.ofSeconds(args.length == 0 ? 2 : Integer.parseInt(args[0]));
        Scheduler scheduler = Scheduler.shared();
        long begin = System.nanoTime();
        long end = begin + work.toNanos();
        for (int i = 0; i < 2 * scheduler.processors(); i++) {
            scheduler.start("hog", () -> {
                while (System.nanoTime() < end) {
                    sink++;
                }
            });
        }
        CountDownLatch done = new CountDownLatch(1);
        scheduler.start(Lane.ALARM, "ticker", () -> {
            long worst = 0;
            int ticks = 0;
            for (long due = begin; ticks == 0 || due < end; due += 5_000_000) {
                sleepUntil(due);
                worst = Math.max(worst, System.nanoTime() - due);
                ticks++;
            }
            System.out.println("ticks: " + ticks);
            System.out.println("worst lateness: " + worst / 1_000_000 + " ms");
            System.out.println("processors taken from hogs: " + scheduler.retaken());
            done.countDown();
        });
        done.await();
        System.out.println(scheduler);
    }

    private static void sleepUntil(long nanos) {
        try {
            Thread.sleep(Duration.ofNanos(Math.max(0, nanos - System.nanoTime())));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts it", e);
        }
    }

    private Hogs() {}
}
