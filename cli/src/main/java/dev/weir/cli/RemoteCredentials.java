package dev.weir.cli;

import dev.weir.engine.config.HostPort;
import dev.weir.node.NodeConfig;
import dev.weir.node.access.AdminToken;
import dev.weir.node.access.Credential.Use;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// The API of a running node, with the token in its data folder.
record RemoteCredentials(HttpClient client, URI root, AdminToken admin) implements CredentialDesk {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PATH = "/api/v1/credentials";

    /// Hosts that stand for every address of the machine.
    private static final Set<String> ANY = Set.of("0.0.0.0", "::");

    static RemoteCredentials of(NodeConfig config) throws IOException {
        HostPort listen = config.api();
        if (listen.port() == 0) {
            throw new IOException("the node runs, but its 'api: listen:' says port 0, so that nobody knows where: give"
                    + " it a port, or stop the node first");
        }
        try {
            AdminToken admin = AdminToken.read(config.data());
            HostPort reached = new HostPort(ANY.contains(listen.host()) ? "localhost" : listen.host(), listen.port());
            return new RemoteCredentials(
                    HttpClient.newBuilder().connectTimeout(PATIENCE).build(), URI.create("http://" + reached), admin);
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "another process has " + config.data() + ", but there is no admin.token in it: is it a node of an"
                            + " older version, or one that starts just now?",
                    e);
        }
    }

    private String ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response;
        try {
            response = client.send(
                    request.header("Authorization", "Bearer " + admin.text())
                            .timeout(PATIENCE)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (ConnectException e) {
            throw new IOException(
                    "the node runs, but does not answer at " + root
                            + "; is this the 'api: listen:' it was started with?",
                    e);
        }
        if (response.statusCode() != 200) {
            String detail = JsonRow.read(response.body()).getOrDefault("detail", response.body());
            throw new IOException(detail);
        }
        return response.body();
    }

    private String post(String path, Map<String, String> fields) throws IOException, InterruptedException {
        return ask(HttpRequest.newBuilder(root.resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JsonTexts.write(fields))));
    }

    @Override
    public Listing list() throws IOException, InterruptedException {
        String text = ask(HttpRequest.newBuilder(root.resolve(PATH)).GET());
        List<Shown> credentials = new ArrayList<>();
        Map<String, Instant> revoked = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean first = Objects.equals(json.currentName(), "credentials");
                json.nextToken();
                while (json.nextToken() == JsonToken.START_OBJECT) {
                    Map<String, String> entry = JsonTexts.read(json);
                    String name = entry.getOrDefault("name", "");
                    if (first) {
                        credentials.add(new Shown(
                                name,
                                entry.getOrDefault("kind", ""),
                                Instant.parse(entry.getOrDefault("created", "")),
                                entry.getOrDefault("note", "")));
                    } else {
                        revoked.put(name, Instant.parse(entry.getOrDefault("at", "")));
                    }
                }
            }
        } catch (JacksonException e) {
            throw new IOException(root + " answered what is no JSON", e);
        }
        return new Listing(credentials, revoked);
    }

    @Override
    public String create(String name, Use use, String note) throws IOException, InterruptedException {
        String made = post(PATH, Map.of("name", name, "kind", use.word(), "note", note));
        return JsonRow.read(made).getOrDefault("secret", "");
    }

    @Override
    public boolean revoke(String name) throws IOException, InterruptedException {
        String answer = post(PATH + "/revoke", Map.of("name", name));
        return JsonRow.read(answer).getOrDefault("revoked", "").equals("credential");
    }

    @Override
    public void close() {
        client.close();
    }
}
