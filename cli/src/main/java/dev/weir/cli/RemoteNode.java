package dev.weir.cli;

import dev.weir.engine.config.HostPort;
import dev.weir.node.NodeConfig;
import dev.weir.node.access.AdminToken;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Set;

/// The API of a running node, with the token in its data folder. Every call blocks until the node
/// has answered, for half a minute at most if nothing else is said.
record RemoteNode(HttpClient client, URI root, AdminToken admin) implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// Hosts that stand for every address of the machine.
    private static final Set<String> ANY = Set.of("0.0.0.0", "::");

    /// Where a node with that config answers.
    static URI address(NodeConfig config) {
        HostPort listen = config.api();
        return URI.create(
                "http://" + new HostPort(ANY.contains(listen.host()) ? "localhost" : listen.host(), listen.port()));
    }

    static RemoteNode of(NodeConfig config) throws IOException {
        HostPort listen = config.api();
        if (listen.port() == 0) {
            throw new IOException("the node runs, but its 'api: listen:' says port 0, so that nobody knows where: give"
                    + " it a port, or stop the node first");
        }
        try {
            AdminToken admin = AdminToken.read(config.data());
            return new RemoteNode(
                    HttpClient.newBuilder().connectTimeout(PATIENCE).build(), address(config), admin);
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "another process has " + config.data() + ", but there is no admin.token in it: is it a node of an"
                            + " older version, or one that starts just now?",
                    e);
        }
    }

    String get(String path) throws IOException, InterruptedException {
        return text(get(path, PATIENCE));
    }

    /// The body of an answer.
    ///
    /// @throws IOException if the node does not answer within `patience`, or not with 200
    byte[] get(String path, Duration patience) throws IOException, InterruptedException {
        return ask(HttpRequest.newBuilder(root.resolve(path)).GET(), patience);
    }

    String post(String path, String json) throws IOException, InterruptedException {
        return text(ask(
                HttpRequest.newBuilder(root.resolve(path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json)),
                PATIENCE));
    }

    private byte[] ask(HttpRequest.Builder request, Duration patience) throws IOException, InterruptedException {
        HttpResponse<byte[]> response;
        try {
            response = client.send(
                    request.header("Authorization", "Bearer " + admin.text())
                            .timeout(patience)
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        } catch (ConnectException e) {
            throw new IOException(
                    "the node runs, but does not answer at " + root
                            + "; is this the 'api: listen:' it was started with?",
                    e);
        }
        if (response.statusCode() != 200) {
            String body = text(response.body());
            throw new IOException(JsonRow.read(body).getOrDefault("detail", body));
        }
        return response.body();
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        client.close();
    }
}
