package dev.weir.cli;

import dev.weir.node.NodeConfig;
import dev.weir.node.access.Credential.Use;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Credentials through the API of a running node.
record RemoteCredentials(RemoteNode node) implements CredentialDesk {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String PATH = "/api/v1/credentials";

    static RemoteCredentials of(NodeConfig config) throws IOException {
        return new RemoteCredentials(RemoteNode.of(config));
    }

    private String post(String path, Map<String, String> fields) throws IOException, InterruptedException {
        return node.post(path, JsonTexts.write(fields));
    }

    @Override
    public Listing list() throws IOException, InterruptedException {
        String text = node.get(PATH);
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
            throw new IOException(node.root() + " answered what is no JSON", e);
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
        node.close();
    }
}
