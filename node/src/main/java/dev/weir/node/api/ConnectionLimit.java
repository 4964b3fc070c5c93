package dev.weir.node.api;

import java.nio.channels.SelectableChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.util.IO;

/// Bounds how many clients are connected for HTTP. A connection that has become the WebSocket of a
/// source no longer counts, since the source has a bound of its own: neither takes the other's
/// places. At the bound nobody is accepted, so that clients wait in the system's queue.
/// Thread-safe.
///
/// Jetty's own limit does not look again when it is raised, so it would stay shut after a burst of
/// upgrades.
final class ConnectionLimit implements SelectorManager.AcceptListener {
    private final int most;
    private final AbstractConnector connector;
    private final ReentrantLock lock = new ReentrantLock();

    /// Guarded by `lock`.
    private int connected;

    private int sockets;

    ConnectionLimit(int most, AbstractConnector connector) {
        this.most = most;
        this.connector = connector;
    }

    @Override
    public void onAccepting(SelectableChannel channel) {
        if (change(1, 0) > most) {
            IO.close(channel);
        }
    }

    @Override
    public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
        change(-1, 0);
    }

    @Override
    public void onClosed(SelectableChannel channel) {
        change(-1, 0);
    }

    /// A connection has become a source's.
    void upgraded() {
        change(0, 1);
    }

    /// A connection that had become a source's ends.
    void ended() {
        change(0, -1);
    }

    private int change(int more, int moreSockets) {
        lock.lock();
        try {
            connected += more;
            sockets += moreSockets;
            connector.setAccepting(connected - sockets < most);
            return connected - sockets;
        } finally {
            lock.unlock();
        }
    }
}
