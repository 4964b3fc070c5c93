package dev.weir.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/// A web server that takes so many readings a second and counts them.
final class SlowHook implements AutoCloseable {
    private static final String READING = "\"seq\":";
    private static final long NANOS = 1_000_000_000L;

    private final LongAdder taken = new LongAdder();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private volatile long perSecond;

    SlowHook(long perSecond) throws IOException {
        this.perSecond = perSecond;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.setExecutor(executor);
        server.createContext("/", this::take);
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            int readings = 0;
            for (int at = body.indexOf(READING); at >= 0; at = body.indexOf(READING, at + 1)) {
                readings++;
            }
            long rate = perSecond;
            if (rate > 0) {
                LockSupport.parkNanos(readings * NANOS / rate); // its slowness is what the test is about
            }
            taken.add(readings);
            exchange.sendResponseHeaders(204, -1);
        }
    }

    /// From now on it takes what comes.
    void hurry() {
        perSecond = 0;
    }

    long taken() {
        return taken.sum();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/readings";
    }

    @Override
    public void close() {
        server.stop(0);
        executor.close();
    }
}
