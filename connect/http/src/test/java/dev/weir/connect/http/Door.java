package dev.weir.connect.http;

import dev.weir.connect.http.IngestOptions.Limits;
import dev.weir.engine.access.Access;
import dev.weir.engine.config.HostPort;
import dev.weir.testkit.CountingMeters;
import dev.weir.testkit.RecordingInlet;
import dev.weir.testkit.TestSurroundings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/// A real HTTP source on a port of the system's choice, its inlet, and a client.
final class Door implements AutoCloseable {
    static final Limits LIMITS = new Limits(
            1 << 20,
            8 << 20,
            32,
            Duration.ofMillis(200),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            0,
            16,
            Duration.ofMinutes(10));

    final RecordingInlet inlet = new RecordingInlet();
    final CountingMeters meters = new CountingMeters();
    final HttpSource source;
    final HttpClient client = HttpClient.newHttpClient();

    Door() throws IOException {
        this(LIMITS, Access.open(), List.of());
    }

    Door(Limits limits, Access access, List<String> origins) throws IOException {
        IngestOptions options =
                new IngestOptions(Optional.of(new HostPort("127.0.0.1", 0)), Optional.empty(), limits, origins);
        source = new HttpSource(
                options,
                TestSurroundings.with(
                        TestSurroundings.with(TestSurroundings.of("web", Path.of("target")), meters), access));
        source.open(inlet);
    }

    String url(String path) {
        return "http://127.0.0.1:" + source.port() + path;
    }

    HttpResponse<String> post(String path, String type, String body, String... headers) throws Exception {
        return post(path, type, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    HttpResponse<String> post(String path, String type, byte[] body, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url(path))).POST(BodyPublishers.ofByteArray(body));
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create(url(path))).build(), BodyHandlers.ofString());
    }

    /// Sends a request as it is written.
    ///
    /// @return all that comes until the connection is closed
    String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), source.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        }
        return out.toByteArray();
    }

    long inFlight() {
        return meters.gauge("weir_http_in_flight_bytes", "source", "web");
    }

    @Override
    public void close() {
        inlet.shut(false);
        source.close();
        client.shutdownNow();
    }
}
