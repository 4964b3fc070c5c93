package dev.weir.cli;

import dev.weir.node.Node;
import dev.weir.node.Unstopped;
import java.time.Duration;
import java.util.List;

/// How a command that runs a node ends.
final class Ending {
    /// How long a stop may take when nothing hangs: four seconds of it for draining.
    private static final Duration STOP = Duration.ofSeconds(5);

    private Ending() {}

    /// Drains and closes the node and prints its ledger.
    ///
    /// @return whether the ledger balances
    static boolean close(Node node, Terminal terminal) throws InterruptedException {
        List<Unstopped> left = node.close(STOP);
        if (!left.isEmpty()) {
            terminal.bad("did not stop in order:");
            left.forEach(each -> terminal.bad("  " + each));
        }
        LedgerText.print(node.ledger(), terminal);
        return node.ledger().balanced();
    }
}
