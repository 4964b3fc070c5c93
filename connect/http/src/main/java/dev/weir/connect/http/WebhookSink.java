package dev.weir.connect.http;

import dev.weir.engine.DeliveryId;
import dev.weir.engine.Reading;
import dev.weir.engine.ReadingJson;
import dev.weir.engine.Sink;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Posts readings. `open` belongs to one thread; `write` may be called by several, and `close` may
/// come from another.
final class WebhookSink implements Sink {
    private final WebhookOptions options;
    private final String name;
    private final DeliveryId ids;
    private final URI url;
    private final CountDownLatch closed = new CountDownLatch(1);

    private volatile @Nullable Poster poster;

    /// Until when the server asked to be left alone, by `System.nanoTime`; 0 when it did not.
    private volatile long notBefore;

    /// @param node the node's name, part of the keys
    WebhookSink(WebhookOptions options, String node, String name) {
        this.options = options;
        this.name = name;
        this.ids = new DeliveryId(node);
        this.url = URI.create(options.url());
    }

    @Override
    public void open() {
        poster = new Poster(options, name);
    }

    @Override
    public int batch() {
        return options.batch();
    }

    /// What `Retry-After` may ask for, and one request.
    @Override
    public Duration patience() {
        return Sink.super.patience().plus(options.maxWait()).plus(options.timeout());
    }

    @Override
    public void write(List<Reading> batch) throws IOException, InterruptedException {
        if (options.batch() > 1) {
            // Readings that came on different ways have no trace in common.
            post(batch, ReadingJson.bytes(batch), Map.of());
            return;
        }
        for (Reading reading : batch) {
            post(List.of(reading), ReadingJson.bytes(reading), Poster.trace(reading.trace()));
        }
    }

    @Override
    public boolean idempotent() {
        return options.idempotent();
    }

    private void post(List<Reading> readings, byte[] body, Map<String, String> trace)
            throws IOException, InterruptedException {
        holdBack();
        Poster open = Objects.requireNonNull(poster, "write before open");
        Answer answer = open.post(url, body, "application/json", headers(readings, body, trace));
        if (answer.isSuccess()) {
            return;
        }
        String message = "POST " + Poster.shown(url) + " " + answer.shown();
        if (answer.isRefusal()) {
            throw new Refused(message);
        }
        answer.retryAfter().ifPresent(this::leaveAlone);
        throw new IOException(message);
    }

    private Map<String, String> headers(List<Reading> readings, byte[] body, Map<String, String> trace) {
        if (!options.idempotent()) {
            return trace;
        }
        var headers = new HashMap<>(trace);
        headers.put("Idempotency-Key", ids.of(readings, body));
        return headers;
    }

    private void leaveAlone(Duration asked) {
        Duration wait = asked.compareTo(options.maxWait()) < 0 ? asked : options.maxWait();
        notBefore = System.nanoTime() + wait.toNanos();
    }

    /// Waits out what `Retry-After` asked for, or for the sink to be closed.
    private void holdBack() throws IOException, InterruptedException {
        long until = notBefore;
        if (until != 0) {
            if (closed.await(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw new IOException("the sink is closed");
            }
            notBefore = 0;
        }
    }

    @Override
    public void close() {
        closed.countDown();
        Poster open = poster;
        if (open != null) {
            open.close();
        }
    }
}
