package dev.weir.connect.nats;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/// Runs what it is given in the caller's thread, for jnats's callbacks: no queue that could grow,
/// and what the server says of a message is known before its answer to the next PING is.
final class OnTheSpot extends AbstractExecutorService {
    private volatile boolean over;

    @Override
    public void execute(Runnable callback) {
        if (over) {
            throw new RejectedExecutionException("the connection is closed");
        }
        callback.run();
    }

    @Override
    public void shutdown() {
        over = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        over = true;
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return over;
    }

    @Override
    public boolean isTerminated() {
        return over;
    }

    @Override
    public boolean awaitTermination(long time, TimeUnit unit) {
        return over;
    }
}
