package dev.weir.node.api;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A WebSocket client that keeps what it is told.
final class Peer implements WebSocket.Listener {
    final LinkedBlockingQueue<String> frames = new LinkedBlockingQueue<>();
    final CompletableFuture<Integer> closed = new CompletableFuture<>();

    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private final WebSocket socket;

    private Peer(HttpClient client, URI uri, @Nullable String origin, String protocol) throws Exception {
        WebSocket.Builder builder = client.newWebSocketBuilder();
        if (origin != null) {
            builder.header("Origin", origin);
        }
        if (!protocol.isEmpty()) {
            builder.subprotocols(protocol);
        }
        socket = builder.buildAsync(uri, this).get(10, TimeUnit.SECONDS);
    }

    static Peer connect(HttpClient client, int port, String path) throws Exception {
        return connect(client, port, path, null, "mqtt");
    }

    static Peer connect(HttpClient client, int port, String path, @Nullable String origin, String protocol)
            throws Exception {
        return new Peer(client, URI.create("ws://127.0.0.1:" + port + path), origin, protocol);
    }

    WebSocket socket() {
        return socket;
    }

    CompletableFuture<WebSocket> send(byte[] bytes) {
        return socket.sendBinary(ByteBuffer.wrap(bytes), true);
    }

    @Nullable
    String receive() throws InterruptedException {
        return frames.poll(10, TimeUnit.SECONDS);
    }

    int closeCode() throws Exception {
        return closed.get(10, TimeUnit.SECONDS);
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        message.writeBytes(bytes);
        if (last) {
            frames.add(message.toString(StandardCharsets.ISO_8859_1));
            message.reset();
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int statusCode, String reason) {
        closed.complete(statusCode);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.completeExceptionally(error);
    }
}
