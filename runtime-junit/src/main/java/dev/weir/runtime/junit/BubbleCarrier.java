package dev.weir.runtime.junit;

import dev.weir.runtime.control.Simulation;
import dev.weir.runtime.control.Simulations;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// The platform thread that runs the virtual threads of one bubble, and ends with it.
final class BubbleCarrier extends Thread implements Simulation.Carrier {
    private static final AtomicLong MADE = new AtomicLong();
    private static final long LOOK_MILLIS = 100;
    private static final long CLEANUP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final World world;
    private final CountDownLatch ended = new CountDownLatch(1);

    BubbleCarrier(World world) {
        super("weir-bubble-" + MADE.incrementAndGet());
        this.world = world;
        setDaemon(true); // one that is stuck must not keep the process
    }

    @Override
    public Simulation simulation() {
        return world;
    }

    /// The JDK's threads that wait for sockets are started by whoever is the first to need them,
    /// and where that one runs: they must not be in a bubble.
    private static final class SocketsOutside {
        static {
            try {
                Class.forName("sun.nio.ch.Poller");
            } catch (ClassNotFoundException e) {
                System.getLogger(BubbleCarrier.class.getName())
                        .log(System.Logger.Level.DEBUG, "sockets of this JDK wait in another way", e);
            }
        }

        static void prepare() {}
    }

    @Override
    public void run() {
        try {
            SocketsOutside.prepare();
            world.run(this);
        } finally {
            Simulations.close();
            ended.countDown();
        }
    }

    /// Starts it and waits for its end, or until one turn has taken longer than `patience`.
    void runWithin(Duration patience) throws InterruptedException {
        Simulations.open();
        start();
        long turn = -1;
        long since = System.nanoTime();
        try {
            while (!ended.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                long now = System.nanoTime();
                G running = world.current();
                if (running == null || world.turns() != turn) {
                    turn = world.turns();
                    since = now;
                } else if (world.isCleaning() && now - since > CLEANUP_NANOS) {
                    return; // a thread that cannot be ended after a failure, which is the news
                } else if (now - since > patience.toNanos()) {
                    world.abort();
                    throw new StuckError(running.name() + " has not given up its turn for " + patience
                            + " of real time, which is the bubble's patience; it computes, or is blocked in native code"
                            + " or a class initializer" + G.stack(running.thread.getStackTrace()));
                }
            }
        } catch (InterruptedException e) {
            world.abort();
            throw e;
        }
    }
}
