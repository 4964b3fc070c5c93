package dev.weir.node;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Asks a node for its health again and again, as those do who restart it when it does not answer.
final class HealthWatch implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;
    private static final int PAUSE_MILLIS = 50;
    private static final int COMPLAINTS = 20;

    private final URI url;
    private final Latencies latencies = new Latencies();
    private final List<String> complaints = new ArrayList<>();
    private final Thread thread;
    private volatile boolean stopped;

    HealthWatch(URI url) {
        this.url = url;
        this.thread = Thread.ofPlatform().name("health-watch").daemon().start(this::watch);
    }

    private void watch() {
        while (!stopped) {
            long begun = System.nanoTime();
            try {
                ask();
                latencies.add(System.nanoTime() - begun);
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS); // between two questions
            } catch (IOException e) {
                complain(e.toString());
            } catch (InterruptedException closed) {
                return;
            }
        }
    }

    private void ask() throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
        connection.setConnectTimeout(PATIENCE_MILLIS);
        connection.setReadTimeout(PATIENCE_MILLIS);
        try (var in = connection.getInputStream()) {
            in.readAllBytes();
        }
        if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
            complain("answered " + connection.getResponseCode());
        }
    }

    private void complain(String what) {
        synchronized (complaints) {
            if (complaints.size() < COMPLAINTS) {
                complaints.add(what);
            }
        }
    }

    /// What went wrong; empty if all is well.
    List<String> complaints() {
        synchronized (complaints) {
            return List.copyOf(complaints);
        }
    }

    /// How long the answers took.
    Latencies latencies() {
        return latencies;
    }

    /// Asks no more, and waits for the last answer.
    @Override
    public void close() throws InterruptedException {
        stopped = true;
        thread.join();
    }
}
