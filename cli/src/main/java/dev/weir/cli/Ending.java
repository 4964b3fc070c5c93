package dev.weir.cli;

import dev.weir.node.Node;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// How a command that runs a node ends.
final class Ending {
    /// How long draining may take; the process ends at most a second later.
    private static final Duration DRAIN = Duration.ofSeconds(4);

    private Ending() {}

    /// Runs `stop` when the process is told to end (Ctrl-C, SIGTERM), then counts `end` down.
    static void onSignal(Runnable stop, CountDownLatch end) {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("weir-stop").unstarted(() -> {
                    try {
                        stop.run();
                    } finally {
                        end.countDown();
                    }
                }));
    }

    /// Drains and closes the node and prints its ledger.
    ///
    /// @return whether the ledger balances
    static boolean close(Node node, Terminal terminal) {
        try {
            List<String> left = node.close(DRAIN);
            if (!left.isEmpty()) {
                terminal.bad("did not stop in time: " + String.join(", ", left));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LedgerText.print(node.ledger(), terminal);
        return node.ledger().balanced();
    }
}
