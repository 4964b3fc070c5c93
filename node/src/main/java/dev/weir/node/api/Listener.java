package dev.weir.node.api;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.function.Consumer;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/// Accepts connections in a thread of its own, and says when that has ended though nobody asked it
/// to. Jetty itself says nothing: interrupted, the thread closes the socket and ends; out of memory
/// while it reports a failure, it ends; with a socket that somebody has closed, it spins.
final class Listener extends ServerConnector {
    private final Consumer<Throwable> failed;

    /// @param failed told by the thread that accepts, as the last that it does
    Listener(Server server, HttpConnectionFactory http, Consumer<Throwable> failed) {
        super(server, null, null, null, 1, 1, http);
        this.failed = failed;
    }

    @Override
    public void accept(int acceptor) throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        super.accept(acceptor);
    }

    @Override
    protected boolean handleAcceptFailure(Throwable thrown) {
        boolean goesOn = false;
        try {
            goesOn = super.handleAcceptFailure(thrown) && isOpen();
            return goesOn;
        } finally {
            if (!goesOn && isRunning() && !isShutdown()) {
                failed.accept(new IOException("nobody accepts connections any more: " + thrown, thrown));
            }
        }
    }
}
