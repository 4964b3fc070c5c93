package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Log lines about a reading name its device, and its trace when it is followed.
@Timeout(120)
class TraceLogIT {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void lines_aboutAFollowedReading_bearTheTraceOfItsSender() throws Exception {
        try (ServerSocket source = new ServerSocket(0);
                ServerSocket api = new ServerSocket(0);
                ServerSocket away = new ServerSocket(0)) {
            int door = source.getLocalPort();
            Path config = Files.writeString(folder.resolve("node.yaml"), """
                    node: it
                    data: %s
                    tracing: {}
                    logs: { level: debug }
                    sources:
                      web: { http: { listen: "127.0.0.1:%d" } }
                    pipelines:
                      kilns:
                        from: web
                        topic: kilns/{device}
                        decode: { json: {} }
                        stages:
                          - validate: temperature < 2000.0
                        to: store
                    rules:
                      hot:
                        on: kilns
                        when: temperature > 1000.0
                        do:
                          - webhook: { url: "http://127.0.0.1:%d/x" }
                    api: { listen: "127.0.0.1:%d" }
                    """.formatted(
                            folder.resolve("data"), door, away.getLocalPort(), api.getLocalPort()));
            source.close();
            api.close();
            away.close();
            try (Weir node = Weir.start("run", config.toString())) {
                node.await("Ctrl-C");
                post(door, "{\"temperature\":5000.0}");
                assertThat(node.await("dead letter")).contains("device=k7", "reason=invalid", "trace=" + TRACE);
                post(door, "{\"temperature\":");
                assertThat(node.await("dead letter")).contains("device=k7", "reason=malformed", "trace=" + TRACE);
                post(door, "{\"temperature\":1500.0}");
                assertThat(node.await("command not carried out")).contains("device=k7", "rule=hot", "trace=" + TRACE);
            }
        }
    }

    private static void post(int port, String body) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/kilns/k7"))
                    .header("Content-Type", "application/json")
                    .header("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01")
                    .POST(BodyPublishers.ofString(body))
                    .build();
            client.send(request, BodyHandlers.discarding());
        }
    }
}
