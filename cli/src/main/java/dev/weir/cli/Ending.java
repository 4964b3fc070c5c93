package dev.weir.cli;

import dev.weir.node.Node;
import java.time.Duration;
import java.util.List;

/// How a command that runs a node ends.
final class Ending {
    /// How long draining may take; the process ends at most a second later.
    private static final Duration DRAIN = Duration.ofSeconds(4);

    private Ending() {}

    /// Drains and closes the node and prints its ledger.
    ///
    /// @return whether the ledger balances
    static boolean close(Node node, Terminal terminal) throws InterruptedException {
        List<String> left = node.close(DRAIN);
        if (!left.isEmpty()) {
            terminal.bad("did not stop in time: " + String.join(", ", left));
        }
        LedgerText.print(node.ledger(), terminal);
        return node.ledger().balanced();
    }
}
