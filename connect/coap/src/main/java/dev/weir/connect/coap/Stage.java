package dev.weir.connect.coap;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.network.CoapEndpoint;

/// The two threads of an endpoint: one that runs the protocol and one that keeps its time.
final class Stage implements AutoCloseable {
    final ScheduledThreadPoolExecutor protocol;
    final ScheduledThreadPoolExecutor timer;

    /// @param name what the threads are called: `coap-NAME`
    Stage(String name) {
        protocol = single(name + "-protocol");
        timer = single(name + "-timer");
    }

    private static ScheduledThreadPoolExecutor single(String name) {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name(name).daemon(true).factory());
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return executor;
    }

    void runs(CoapEndpoint endpoint) {
        endpoint.setExecutors(protocol, timer);
    }

    /// Ends both threads, giving each a second to finish what it does.
    @Override
    public void close() {
        protocol.shutdownNow();
        timer.shutdownNow();
        boolean interrupted = false;
        for (ScheduledThreadPoolExecutor executor : new ScheduledThreadPoolExecutor[] {protocol, timer}) {
            try {
                boolean unused = executor.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
