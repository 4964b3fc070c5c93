package dev.weir.node;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/// A web server for a webhook: it never answers until it is told to, or answers with a status, and
/// keeps of each device the numbers (`seq`) of the readings it has confirmed.
final class Hook implements AutoCloseable {
    private final Map<String, List<Long>> confirmed = new ConcurrentHashMap<>();
    private final CountDownLatch gate;
    private final int status;
    private final LongAdder requests = new LongAdder();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    private Hook(int status, CountDownLatch gate) throws IOException {
        this.status = status;
        this.gate = gate;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.setExecutor(executor);
        server.createContext("/", this::handle);
        server.start();
    }

    static Hook hanging() throws IOException {
        return new Hook(204, new CountDownLatch(1));
    }

    static Hook answering(int status) throws IOException {
        return new Hook(status, new CountDownLatch(0));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.increment();
            if (gate.getCount() > 0) {
                // Hangs up at last without an answer: what was in there is sent again.
                gate.await();
                return;
            }
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (status == 204) {
                JsonElement json = JsonParser.parseString(body);
                (json.isJsonArray() ? json.getAsJsonArray().asList() : List.of(json)).forEach(this::confirm);
            }
            exchange.sendResponseHeaders(status, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void confirm(JsonElement reading) {
        var object = reading.getAsJsonObject();
        var fields = object.has("fields") ? object.getAsJsonObject("fields") : object;
        List<Long> numbers = confirmed.computeIfAbsent(object.get("device").getAsString(), _ -> new ArrayList<>());
        numbers.add(fields.get("seq").getAsLong());
    }

    /// From now on it answers.
    void answer() {
        gate.countDown();
    }

    long requests() {
        return requests.sum();
    }

    /// The numbers of each device's readings in the order in which they came. Only when nothing is
    /// under way.
    Map<String, List<Long>> confirmed() {
        return confirmed;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/readings";
    }

    @Override
    public void close() {
        gate.countDown();
        server.stop(0);
        executor.shutdownNow();
    }
}
