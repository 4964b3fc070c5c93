package dev.weir.node.api;

import dev.weir.engine.flow.LiveEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// The last thousand commands and what became of them. Thread-safe; adding does not block.
public final class RecentCommands {
    private static final int MOST = 1_000;

    private final Deque<LiveEvent.Commanded> commands = new ArrayDeque<>();

    /// Notes a command whose outcome is known.
    public synchronized void add(LiveEvent.Commanded command) {
        commands.addFirst(command);
        if (commands.size() > MOST) {
            commands.removeLast();
        }
    }

    /// The newest first.
    synchronized List<LiveEvent.Commanded> list(int limit) {
        return new ArrayList<>(commands).subList(0, Math.min(limit, commands.size()));
    }
}
