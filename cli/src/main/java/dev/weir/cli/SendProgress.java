package dev.weir.cli;

import dev.weir.runtime.Scheduler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Says once a second how far sending is, and every five seconds without an acknowledgement what
/// it waits for: a server that is slow on purpose (back-pressure) looks like one that hangs.
///
/// Has one virtual thread, which ends in [#close].
final class SendProgress implements AutoCloseable {
    private static final int PATIENCE = 5;

    private final LongSupplier sent;
    private final boolean paced;
    private final String server;
    private final Terminal terminal;
    private final CountDownLatch done = new CountDownLatch(1);

    // only the thread
    private long before;
    private int still;

    /// @param sent how many were sent so far; called by the thread
    /// @param paced whether pauses are part of it
    SendProgress(LongSupplier sent, boolean paced, String server, Terminal terminal) {
        this.sent = sent;
        this.paced = paced;
        this.server = server;
        this.terminal = terminal;
        Scheduler.go("send-progress", this::run);
    }

    private void run() {
        try {
            while (!done.await(1, TimeUnit.SECONDS)) {
                tick();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// A second has passed.
    void tick() {
        long now = sent.getAsLong();
        still = now == before ? still + 1 : 0;
        if (still == 0) {
            terminal.quiet(now + " readings sent");
        } else if (!paced && still % PATIENCE == 0) {
            terminal.quiet(now + " readings sent; waiting for " + server + " to acknowledge, for " + still + " s now");
        }
        before = now;
    }

    @Override
    public void close() {
        done.countDown();
    }
}
