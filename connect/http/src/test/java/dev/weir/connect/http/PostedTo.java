package dev.weir.connect.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weir.testkit.Numbered;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;

/// A real web server that a contract makes go away, hang and refuse.
@NullUnmarked
final class PostedTo implements AutoCloseable {
    final List<Numbered> received = new CopyOnWriteArrayList<>();
    final AtomicInteger silent = new AtomicInteger();
    volatile boolean refusing;

    private volatile CountDownLatch answering = new CountDownLatch(0);
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final InetSocketAddress address;
    private HttpServer server;

    PostedTo() throws IOException {
        start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        address = server.getAddress();
    }

    String url() {
        return "http://127.0.0.1:" + address.getPort() + "/in";
    }

    void away() {
        server.stop(0);
    }

    void back() throws IOException {
        start(address);
    }

    void hang() {
        answering = new CountDownLatch(1);
    }

    void recover() {
        answering.countDown();
        answering = new CountDownLatch(0);
    }

    private void start(InetSocketAddress at) throws IOException {
        server = HttpServer.create(at, 16);
        server.setExecutor(executor);
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            CountDownLatch gate = answering;
            if (gate.getCount() > 0) {
                silent.incrementAndGet();
                gate.await();
                return;
            }
            if (refusing) {
                refusing = false;
                exchange.sendResponseHeaders(400, -1);
                return;
            }
            received.addAll(Numbered.allIn(body));
            exchange.sendResponseHeaders(204, -1);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        recover();
        server.stop(0);
        executor.shutdownNow();
    }
}
