package dev.weir.node.api;

import dev.weir.engine.Upgrades.Duplex;
import dev.weir.runtime.Lane;
import dev.weir.runtime.Scheduler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A WebSocket as two streams of bytes, served on a virtual thread of its own. Public only since
/// Jetty calls it by reflection.
///
/// Jetty takes from the network when it is asked to, which is when everything before has been read.
/// Frames come in pieces of what one read from the network gave, so that a frame that is announced
/// and never sent takes no memory.
public final class SocketStreams implements Session.Listener, Duplex {
    private static final Logger LOG = LoggerFactory.getLogger(SocketStreams.class);
    private static final int PIECE = 64 * 1024;
    private static final long FAREWELL_MILLIS = 2_000;

    private final MountedPath mount;
    private final int frame;
    private final Runnable leave;
    private final CountDownLatch served = new CountDownLatch(1);
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private final SocketInput input = new SocketInput(this::demand);
    private final Output output = new Output();

    /// Set once, when it opens.
    private volatile @Nullable Session session;

    private volatile @Nullable Thread thread;
    private volatile boolean sending;

    /// Whoever sets it says how the WebSocket is closed. It is set before the reader can notice,
    /// who would close too.
    private final AtomicBoolean closing = new AtomicBoolean();

    /// Only Jetty's thread: how much of a frame has come.
    private long received;

    SocketStreams(MountedPath mount, int frame, Runnable leave) {
        this.mount = mount;
        this.frame = frame;
        this.leave = leave;
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        // Whoever serves it has time limits of its own.
        opened.setIdleTimeout(Duration.ZERO);
        opened.setAutoFragment(true);
        opened.setMaxFrameSize(PIECE);
        opened.setMaxBinaryMessageSize(-1);
        session = opened;
        boolean welcome = mount.opened(this);
        Thread server =
                Scheduler.shared().unstarted(Lane.SAMPLE, "weir-socket" + mount.path() + " " + peerText(), this::serve);
        thread = server;
        if (!welcome) {
            abandon();
        }
        server.start();
    }

    private void serve() {
        try {
            mount.service().serve(this);
        } catch (InterruptedException e) {
            LOG.debug("event=socket.interrupted client={}", peerText());
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("path", mount.path())
                    .addKeyValue("client", peerText())
                    .setCause(e)
                    .log("serving a WebSocket failed");
        } finally {
            farewell();
            leave.run();
            mount.ended(this);
            served.countDown();
        }
    }

    /// Says goodbye and waits a little for the answer, throwing away what still comes.
    private void farewell() {
        Session open = current();
        if (closing.compareAndSet(false, true)) {
            open.close(StatusCode.NORMAL, "", Callback.NOOP);
        }
        input.discard();
        try {
            gone.get(FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException | TimeoutException e) {
            LOG.debug("event=socket.farewell client={} reason=\"did not answer\"", peerText());
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            open.disconnect();
        }
    }

    private Session current() {
        return Objects.requireNonNull(session);
    }

    private void demand() {
        try {
            current().demand();
        } catch (IllegalStateException closed) {
            input.fail(new IOException("the WebSocket is closed", closed));
        }
    }

    @Override
    public void onWebSocketPartialBinary(ByteBuffer payload, boolean last, Callback callback) {
        received += payload.remaining();
        if (received > frame) {
            callback.succeed();
            refuse(StatusCode.MESSAGE_TOO_LARGE, "at most " + frame + " bytes");
            return;
        }
        if (last) {
            received = 0;
        }
        input.arrived(payload, callback);
    }

    @Override
    public void onWebSocketPartialText(String payload, boolean last) {
        refuse(StatusCode.BAD_DATA, "binary frames only");
    }

    private void refuse(int code, String why) {
        boolean first = closing.compareAndSet(false, true);
        input.fail(new IOException("the client must send " + why));
        if (first) {
            current().close(code, why, Callback.NOOP);
        }
        input.arrived(ByteBuffer.allocate(0), Callback.NOOP);
    }

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
        // First the answer to the client's close: when the service ends, the connection is cut.
        callback.succeed();
        if (code == StatusCode.NORMAL || code == StatusCode.SHUTDOWN || code == StatusCode.NO_CODE) {
            input.end();
        } else {
            input.fail(new IOException("the WebSocket ended with code " + code));
        }
        gone.complete(null);
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        input.fail(new IOException("the WebSocket failed: " + cause.getMessage(), cause));
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public InetAddress peer() {
        return remote() instanceof InetSocketAddress address && address.getAddress() != null
                ? address.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    @Override
    public String peerText() {
        return remote() instanceof InetSocketAddress address
                ? address.getHostString() + ":" + address.getPort()
                : String.valueOf(remote());
    }

    private @Nullable SocketAddress remote() {
        Session open = session;
        return open == null ? null : open.getRemoteSocketAddress();
    }

    @Override
    public void limitReads(Duration timeout) {
        input.limit(timeout);
    }

    @Override
    public void finishOutput() throws IOException {
        output.close();
    }

    @Override
    public void close() {
        end(StatusCode.NORMAL, "");
    }

    /// Nobody serves this path any more.
    void abandon() {
        end(StatusCode.SHUTDOWN, "the node stops");
        Thread server = thread;
        if (server != null) {
            server.interrupt();
        }
    }

    private void end(int code, String why) {
        boolean first = closing.compareAndSet(false, true);
        input.fail(new IOException("the WebSocket is closed"));
        Session open = current();
        if (sending) {
            // The client takes nothing, so it would not see a farewell; this wakes the writer.
            open.disconnect();
        } else if (first) {
            open.close(code, why, Callback.NOOP);
        }
    }

    /// Waits until the service has returned.
    ///
    /// @return whether it has
    boolean awaitEnd(Duration patience) throws InterruptedException {
        return served.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Frames to the client. One thread writes at a time.
    private final class Output extends OutputStream {
        private volatile boolean finished;

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (finished) {
                throw new IOException("the output is finished");
            }
            if (length == 0) {
                return;
            }
            sending = true;
            CompletableFuture<Void> sent = new CompletableFuture<>();
            try {
                current()
                        .sendBinary(
                                ByteBuffer.wrap(bytes, offset, length),
                                Callback.from(() -> sent.complete(null), sent::completeExceptionally));
                sent.get();
            } catch (InterruptedException e) {
                // Jetty may still read the array: nothing can be sent after this.
                current().disconnect();
                Thread.currentThread().interrupt();
                throw new java.io.InterruptedIOException("interrupted while the client took nothing");
            } catch (java.util.concurrent.ExecutionException e) {
                throw new IOException("the WebSocket is closed", e.getCause());
            } finally {
                sending = false;
            }
        }

        @Override
        public void close() throws IOException {
            if (!finished) {
                finished = true;
                if (closing.compareAndSet(false, true)) {
                    current().close(StatusCode.NORMAL, "", Callback.NOOP);
                }
            }
        }
    }
}
