package dev.weir.node;

import dev.weir.connect.mqtt.MqttClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.jspecify.annotations.Nullable;

/// A device that sends numbered readings at fixed times, each until it is acknowledged: one that is
/// late is sent late, and the next ones as soon as they can be. Has a platform thread of its own,
/// so that the scheduler under test does not make the test late.
final class SteadyDevice implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final String name;
    private final String folder;
    private final Way way;
    private final long periodNanos;
    private final Supplier<String> phase;
    private final AtomicLong acknowledged = new AtomicLong();
    private final Thread thread;
    private volatile boolean stopped;
    private volatile @Nullable Throwable failure;

    /// How it speaks to the node. Belongs to one thread, but for `close`.
    interface Way extends AutoCloseable {
        /// Sends a message and waits for its acknowledgement.
        ///
        /// @param id of this message, the same when it is sent again
        /// @return false if it is to be sent again
        /// @throws IOException if nothing more can be sent
        boolean send(String address, byte[] payload, String id) throws IOException, InterruptedException;

        @Override
        default void close() {}
    }

    /// @param name a word for its kind and a number: `coap-2`
    /// @param folder what its address begins with
    /// @param phase what the test is at
    SteadyDevice(String name, String folder, Way way, Duration period, Supplier<String> phase) {
        this.name = name;
        this.folder = folder;
        this.way = way;
        this.periodNanos = period.toNanos();
        this.phase = phase;
        this.thread = Thread.ofPlatform().name("device-" + name).daemon().start(this::run);
    }

    /// The word for the kind of a device of that name.
    static String kind(String name) {
        return name.substring(0, name.lastIndexOf('-'));
    }

    String name() {
        return name;
    }

    private void run() {
        long due = System.nanoTime();
        try {
            while (!stopped) {
                send(due);
                due += periodNanos;
                for (long left = due - System.nanoTime(); left > 0 && !stopped; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            failure = e;
        } finally {
            way.close();
        }
    }

    private void send(long due) throws IOException, InterruptedException {
        long number = acknowledged.get();
        byte[] payload = ("{\"seq\":" + number + ",\"due\":" + due + ",\"phase\":\"" + phase.get() + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        while (!way.send(folder + "/" + name, payload, name + "-" + number)) {
            LockSupport.parkNanos(AGAIN_NANOS);
        }
        acknowledged.incrementAndGet();
    }

    /// How many of its readings the node has acknowledged: those from 0 on.
    long acknowledged() {
        return acknowledged.get();
    }

    /// Sends no more, and returns when what was sent is acknowledged.
    void stop() throws InterruptedException {
        stopped = true;
        LockSupport.unpark(thread);
        if (!thread.join(PATIENCE)) {
            throw new AssertionError(name + " still waits for an acknowledgement");
        }
        if (failure != null) {
            throw new AssertionError(name + " could not go on: " + failure, failure);
        }
    }

    @Override
    public void close() {
        stopped = true;
        thread.interrupt();
    }

    /// MQTT with QoS 1; connects again whenever the connection is lost, and sends again what was
    /// not acknowledged.
    ///
    /// @param name its client identifier
    /// @param port where, of the loopback address
    static Way mqtt(String name, int port) {
        return new Mqtt(name, port);
    }

    private static final class Mqtt implements Way {
        private final MqttClient.Settings settings;
        private @Nullable MqttClient client;

        Mqtt(String name, int port) {
            settings = MqttClient.Settings.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                    .client(name, true);
        }

        @Override
        public boolean send(String address, byte[] payload, String id) throws InterruptedException {
            try {
                MqttClient open = client == null ? MqttClient.connect(settings) : client;
                client = open;
                open.publish(address, payload, 1, false);
                if (!open.awaitAcknowledged(PATIENCE) || open.refused() > 0) {
                    throw new IllegalStateException("not acknowledged: " + id);
                }
                return true;
            } catch (IOException lost) {
                close();
                return false;
            }
        }

        @Override
        public void close() {
            if (client != null) {
                client.close();
                client = null;
            }
        }
    }

    /// POST of JSON, with an `Idempotency-Key`.
    ///
    /// @param url with a slash at the end
    static Way http(URI url) {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build();
        return new Way() {
            @Override
            public boolean send(String address, byte[] payload, String id) throws IOException, InterruptedException {
                HttpRequest request = HttpRequest.newBuilder(url.resolve(address))
                        .timeout(PATIENCE)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", id)
                        .POST(BodyPublishers.ofByteArray(payload))
                        .build();
                int status = client.send(request, BodyHandlers.discarding()).statusCode();
                if (status != 204 && status != 503) {
                    throw new IOException("answered " + status + ": " + id);
                }
                return status == 204;
            }

            @Override
            public void close() {
                client.shutdownNow();
            }
        };
    }

    /// Confirmable POST over CoAP.
    static Way coap(InetSocketAddress server) throws IOException {
        CoapDevice device = new CoapDevice(server);
        return new Way() {
            @Override
            public boolean send(String address, byte[] payload, String id) throws IOException {
                CoapResponse response = device.post(address, payload);
                if (!response.isSuccess() && response.getCode() != ResponseCode.SERVICE_UNAVAILABLE) {
                    throw new IOException("answered " + response.getCode() + ": " + id);
                }
                return response.isSuccess();
            }

            @Override
            public void close() {
                device.close();
            }
        };
    }
}
