package dev.weir.connect.mqtt;

import dev.weir.engine.config.HostPort;
import dev.weir.runtime.Scheduler;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;

/// A TCP port and the thread that accepts on it. The thread does nothing that a client could slow
/// down.
final class Listener implements AutoCloseable {
    private static final int BACKLOG = 1024;

    /// What the kernel is asked to hold for a connection in each direction. Left to itself it goes
    /// up to megabytes for a client that does not read, or whom we do not read.
    private static final int SOCKET_BYTES = 64 * 1024;

    private static final long BREATH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Door door;
    private final Function<Socket, Transport> transports;
    private final ServerSocket socket;
    private volatile boolean closed;

    private Listener(Door door, Function<Socket, Transport> transports, ServerSocket socket) {
        this.door = door;
        this.transports = transports;
        this.socket = socket;
    }

    /// Binds a port; nothing is accepted before [#start].
    ///
    /// @param option the config's option, for messages
    /// @param transports how bytes go over an accepted socket
    static Listener bind(HostPort where, String option, Door door, Function<Socket, Transport> transports)
            throws IOException {
        InetSocketAddress address = where.resolve();
        if (address.isUnresolved()) {
            throw new IOException("cannot listen on " + where + ": the host '" + where.host()
                    + "' is unknown; name an address of this machine under " + option);
        }
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.setReceiveBufferSize(SOCKET_BYTES);
            socket.bind(address, BACKLOG);
            return new Listener(door, transports, socket);
        } catch (BindException refused) {
            socket.close();
            throw new IOException(explain(where, refused, option), refused);
        } catch (IOException refused) {
            socket.close();
            throw new IOException(
                    "cannot listen on " + where + ": " + refused.getMessage() + "; see " + option, refused);
        }
    }

    private static String explain(HostPort where, BindException refused, String option) {
        String cause = String.valueOf(refused.getMessage());
        if (cause.contains("in use")) {
            return where + " is taken by another process; stop it or choose another port under " + option;
        }
        if (cause.contains("ermission")) {
            return where + " needs a privilege, as every port below 1024 does; choose a higher one under " + option;
        }
        return where + " is not an address of this machine (" + cause + "); choose another under " + option;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /// @param failed told why nobody is accepted any more, unless it was closed
    void start(String threadName, Broker broker, Consumer<Throwable> failed) {
        Scheduler.go(threadName, () -> {
            try {
                accept(broker);
            } catch (IOException | RuntimeException | Error died) {
                if (!closed) {
                    failed.accept(died);
                }
            }
        });
    }

    private void accept(Broker broker) throws IOException {
        while (!closed) {
            try {
                welcome(socket.accept(), broker);
            } catch (IOException failed) {
                if (closed) {
                    return;
                }
                if (socket.isClosed()) {
                    throw failed;
                }
                // Mostly too many open files: connections that end make room again.
                door.complaints.note("accept", "?", String.valueOf(failed.getMessage()));
                LockSupport.parkNanos(BREATH_NANOS);
            }
        }
    }

    private void welcome(Socket accepted, Broker broker) throws IOException {
        try {
            accepted.setSendBufferSize(SOCKET_BYTES);
            accepted.setTcpNoDelay(true);
            accepted.setKeepAlive(true);
        } catch (IOException goneAgain) {
            accepted.close();
            return;
        }
        Connection connection = door.enter(transports.apply(accepted), broker);
        if (connection == null) {
            accepted.close();
        } else {
            connection.start();
        }
    }

    /// Accepts nobody any more; connections are not touched.
    @Override
    public void close() {
        closed = true;
        try {
            socket.close();
        } catch (IOException gone) {
            // It does not listen any more, which is what was wanted.
        }
    }
}
