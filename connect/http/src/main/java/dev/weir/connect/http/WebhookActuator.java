package dev.weir.connect.http;

import dev.weir.engine.Actuator;
import dev.weir.engine.Command;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Posts commands, each once. Its client begins with the first command.
final class WebhookActuator implements Actuator {
    private final WebhookOptions options;
    private final String name;

    /// Guarded by this.
    private @Nullable Poster poster;

    private boolean closed;

    /// @param name the rule's, for the names of threads
    WebhookActuator(WebhookOptions options, String name) {
        this.options = options;
        this.name = name;
    }

    @Override
    public Duration patience() {
        return Actuator.super.patience().plus(options.timeout());
    }

    @Override
    public void execute(Command command) throws IOException, InterruptedException {
        URI url = url(command.address());
        String payload = command.payload();
        boolean json = payload.startsWith("{") || payload.startsWith("[");
        Map<String, String> extra = new HashMap<>(Poster.trace(command.trace()));
        extra.put("Idempotency-Key", command.id());
        Answer answer = poster().post(
                        url,
                        payload.getBytes(StandardCharsets.UTF_8),
                        json ? "application/json" : "text/plain; charset=utf-8",
                        extra);
        if (!answer.isSuccess()) {
            throw new IOException("POST " + Poster.shown(url) + " " + answer.shown());
        }
    }

    private static URI url(String address) throws IOException {
        try {
            URI url = URI.create(address);
            boolean web = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            if (web && url.getHost() != null) {
                return url;
            }
        } catch (IllegalArgumentException notAUrl) {
            throw new IOException("cannot post to '" + address + "': it is no URL", notAUrl);
        }
        throw new IOException("cannot post to '" + address + "': expected http://host/… or https://host/…");
    }

    private synchronized Poster poster() throws IOException {
        if (closed) {
            throw new IOException("the actuator is closed");
        }
        if (poster == null) {
            poster = new Poster(options, name);
        }
        return poster;
    }

    @Override
    public void close() {
        Poster ending;
        synchronized (this) {
            closed = true;
            ending = poster;
            poster = null;
        }
        if (ending != null) {
            ending.close();
        }
    }
}
