package dev.weir.testkit;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// A web server that takes what is posted to it, or fails in the way that a test tells it to, while
/// it runs. As much of HTTP 1.1 as that wants: requests with a `Content-Length`.
///
/// Thread-safe. One platform thread accepts and one serves each connection, so that what keeps the
/// carriers of virtual threads busy does not reach it; all end with [#close].
public final class FaultyWebServer implements AutoCloseable {
    private static final int MAX_HEAD = 16 << 10;
    private static final int MAX_BODY = 4 << 20;

    private final Consumer<String> taken;
    private final ServerSocket door;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Map<Fault, LongAdder> hits = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile Fault fault = Fault.NONE;

    /// What it does to a request.
    public enum Fault {
        /// Takes it: 204.
        NONE,
        /// Has no time for it: 503.
        UNAVAILABLE,
        /// Will never take it: 400.
        REFUSE,
        /// Reads it and does not answer; it hangs up when it is healed.
        STALL,
        /// Reads it and resets the connection.
        RESET,
        /// Answers what is no HTTP.
        BABBLE
    }

    /// Listens at a free port of the loopback address.
    ///
    /// @param taken gets the body of each request that is answered 204, before the answer, on the
    ///     connection's thread
    public FaultyWebServer(Consumer<String> taken) throws IOException {
        this.taken = taken;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("web-accept").start(this::accept);
    }

    /// Where it listens.
    public String url() {
        return "http://127.0.0.1:" + door.getLocalPort() + "/";
    }

    /// From now on it fails so.
    public void suffer(Fault next) {
        lock.lock();
        try {
            fault = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// From now on it takes what comes.
    public void heal() {
        suffer(Fault.NONE);
    }

    /// How many requests have met with that fault.
    public long hits(Fault met) {
        LongAdder count = hits.get(met);
        return count == null ? 0 : count.sum();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = door.accept();
                sockets.add(socket);
                if (door.isClosed()) {
                    socket.close();
                }
                Thread.ofPlatform().daemon().name("web-connection").start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The door is shut.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (answer(socket, body(in))) {
                // The next request.
            }
        } catch (IOException over) {
            // The client has hung up.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(socket);
        }
    }

    private static String body(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0 || head.length() >= MAX_HEAD) {
                throw new EOFException("no whole head of a request");
            }
            head.append((char) next);
        }
        int length = head.toString()
                .toLowerCase(Locale.ROOT)
                .lines()
                .filter(line -> line.startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst()
                .orElse(0);
        if (length > MAX_BODY) {
            throw new IOException("a body of " + length + " bytes; at most " + MAX_BODY);
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("half a body");
        }
        return new String(body, StandardCharsets.UTF_8);
    }

    /// @return whether the connection goes on
    private boolean answer(Socket socket, String body) throws IOException, InterruptedException {
        Fault met = fault;
        hits.computeIfAbsent(met, _ -> new LongAdder()).increment();
        switch (met) {
            case NONE -> {
                taken.accept(body);
                write(socket, "HTTP/1.1 204 No Content\r\n\r\n");
            }
            case UNAVAILABLE -> write(socket, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
            case REFUSE -> write(socket, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            case STALL -> stall();
            case RESET -> socket.setSoLinger(true, 0);
            case BABBLE -> write(socket, "\u0000\u0001 what?\r\n");
        }
        return met == Fault.NONE || met == Fault.UNAVAILABLE || met == Fault.REFUSE;
    }

    private static void write(Socket socket, String answer) throws IOException {
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void stall() throws InterruptedException {
        lock.lock();
        try {
            while (fault == Fault.STALL) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        heal();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
