package dev.weir.node.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.websocket.api.Callback;
import org.jspecify.annotations.Nullable;

/// What a WebSocket's client sends, as a stream. Holds one piece at a time and asks for the next
/// when that is read. One thread reads; any thread ends it.
final class SocketInput extends InputStream {
    private final Runnable demand;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /// Guarded by `lock`.
    private @Nullable ByteBuffer piece;

    private @Nullable Callback taken;
    private @Nullable IOException failure;
    private boolean demanded;
    private boolean ended;
    private boolean discarding;

    /// Written by whoever limits, read by the reader; zero for no limit.
    private volatile long limitNanos;

    /// @param demand asks for the next piece; called without the lock
    SocketInput(Runnable demand) {
        this.demand = demand;
    }

    void limit(Duration timeout) {
        limitNanos = timeout.toNanos();
    }

    /// A piece has come.
    ///
    /// @param callback to be told when the bytes are no longer needed
    void arrived(ByteBuffer bytes, Callback callback) {
        boolean more;
        lock.lock();
        try {
            demanded = false;
            boolean useless = discarding || failure != null || !bytes.hasRemaining();
            if (!useless) {
                piece = bytes;
                taken = callback;
                changed.signalAll();
                return;
            }
            // An empty frame, or one that nobody will read, only makes room for what follows.
            more = discarding || failure == null;
            demanded = more;
        } finally {
            lock.unlock();
        }
        callback.succeed();
        if (more) {
            demand.run();
        }
    }

    /// Nothing more comes.
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Reads fail from now on; the first reason counts.
    void fail(IOException reason) {
        lock.lock();
        try {
            if (failure == null) {
                failure = reason;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Nobody reads any more: throws away what comes, so that the end of the WebSocket is seen.
    void discard() {
        Callback free;
        boolean ask;
        lock.lock();
        try {
            discarding = true;
            free = taken;
            piece = null;
            taken = null;
            ask = !demanded && !ended;
            demanded |= ask;
        } finally {
            lock.unlock();
        }
        if (free != null) {
            free.succeed();
        }
        if (ask) {
            demand.run();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        long limit = limitNanos;
        long end = System.nanoTime() + limit;
        while (true) {
            boolean ask;
            lock.lock();
            try {
                if (failure != null) {
                    throw new IOException(failure.getMessage(), failure);
                }
                if (piece != null) {
                    break;
                }
                if (ended) {
                    return -1;
                }
                ask = !demanded;
                demanded = true;
                if (!ask) {
                    await(limit, end);
                }
            } finally {
                lock.unlock();
            }
            if (ask) {
                demand.run();
            }
        }
        return take(bytes, offset, length);
    }

    /// Waits once; the caller looks again.
    ///
    /// @param limit zero for no limit
    @SuppressWarnings("WaitNotInLoop")
    private void await(long limit, long end) throws IOException {
        try {
            if (limit == 0) {
                changed.await();
            } else if (changed.awaitNanos(end - System.nanoTime()) <= 0 && piece == null && !ended && failure == null) {
                throw new SocketTimeoutException("nothing came for " + Duration.ofNanos(limit));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the client");
        }
    }

    private int take(byte[] bytes, int offset, int length) throws IOException {
        Callback free = null;
        int count;
        lock.lock();
        try {
            ByteBuffer from = piece;
            if (from == null) {
                throw new IOException("the WebSocket is closed");
            }
            count = Math.min(length, from.remaining());
            from.get(bytes, offset, count);
            if (!from.hasRemaining()) {
                free = taken;
                piece = null;
                taken = null;
            }
        } finally {
            lock.unlock();
        }
        if (free != null) {
            free.succeed();
        }
        return count;
    }

    @Override
    public int available() {
        lock.lock();
        try {
            return piece == null ? 0 : piece.remaining();
        } finally {
            lock.unlock();
        }
    }
}
