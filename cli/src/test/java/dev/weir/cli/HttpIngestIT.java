package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Eventually;
import dev.weir.testkit.Tool;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// `weir run` with an HTTP source, and devices that are curl.
@Timeout(120)
class HttpIngestIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path folder;

    private static Weir node;
    private static int web;
    private static String token;

    @BeforeAll
    static void run() throws Exception {
        int api;
        try (ServerSocket a = new ServerSocket(0);
                ServerSocket b = new ServerSocket(0)) {
            web = a.getLocalPort();
            api = b.getLocalPort();
        }
        Path config = Files.writeString(folder.resolve("node.yaml"), """
                node: it
                data: %s
                sources:
                  web: { http: { listen: "127.0.0.1:%d" }, anonymous: never }
                pipelines:
                  climate:
                    from: web
                    topic: greenhouse/{device}/climate
                    decode: { json: { time: ts } }
                    to: store
                  machines:
                    from: web
                    topic: influx/{db}/{measurement}
                    decode: { line-protocol: { device: host } }
                    stages:
                      - dedupe: { by: [device, time, measurement], within: 10m, keep: first }
                    to: store
                api: { listen: "127.0.0.1:%d" }
                """.formatted(folder.resolve("data"), web, api));
        token = token(config);
        node = Weir.start("run", config.toString());
        assertThat(node.await("http on")).contains("127.0.0.1:" + web);
        node.await("Ctrl-C");
    }

    private static String token(Path config) {
        Captured out = new Captured();
        CommandLine line = Main.line(out.writer());
        assertThat(line.execute("credentials", "create", config.toString(), "pump-1"))
                .isZero();
        return out.text()
                .lines()
                .filter(each -> each.startsWith("token:"))
                .map(each -> each.substring("token:".length()).strip())
                .findFirst()
                .orElseThrow();
    }

    @AfterAll
    static void stop() throws Exception {
        try (Weir ending = node) {
            ending.signal("TERM");
            assertThat(ending.exitCode()).isZero();
            assertThat(ending.output()).contains("it balances").doesNotContain(token);
        }
    }

    /// @return the status, a space, and the body
    private static String curl(String path, String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("-sS", "-w", "\n%{http_code}"));
        arguments.addAll(Arrays.asList(more));
        arguments.add("http://127.0.0.1:" + web + path);
        String output = Tool.require("curl", "curl")
                .run(PATIENCE, arguments.toArray(String[]::new))
                .output();
        int last = output.lastIndexOf('\n');
        return output.substring(last + 1) + " " + output.substring(0, last);
    }

    private static String bearer() {
        return "Authorization: Bearer " + token;
    }

    private static void awaitRows(String query, String... rows) throws Exception {
        Eventually.until(
                query,
                () -> Tool.require("sqlite3", "sqlite3")
                        .run(PATIENCE, folder.resolve("data/store.db").toString(), query)
                        .output()
                        .lines()
                        .toList()
                        .equals(List.of(rows)));
    }

    @Test
    void run_readingFromCurl_isStored() throws Exception {
        assertThat(curl("/greenhouse/one/climate", "-H", bearer(), "-d", "{\"temperature\":21.5}"))
                .isEqualTo("204 ");
        awaitRows("select temperature from climate where device = 'one'", "21.5");
    }

    @Test
    void run_gzippedLinesOfWhichOneIsBad_storesTheOthersAndSaysWhich() throws Exception {
        Path lines = Files.writeString(
                folder.resolve("lines"), "{\"temperature\":1}\n{\"temperature\":\n{\"temperature\":3}\n");
        assertThat(new ProcessBuilder("gzip", lines.toString()).start().waitFor())
                .isZero();
        String answer = curl(
                "/greenhouse/two/climate",
                "-H",
                bearer(),
                "-H",
                "Content-Type: application/x-ndjson",
                "-H",
                "Content-Encoding: gzip",
                "--data-binary",
                "@" + lines + ".gz");
        assertThat(answer).startsWith("400 {").contains("\"accepted\":2,\"rejected\":1,\"failed\":\"2\"");
        awaitRows("select temperature from climate where device = 'two' order by temperature", "1.0", "3.0");
    }

    @Test
    void run_telegrafsBatch_isStored() throws Exception {
        String answer = curl(
                "/api/v2/write?bucket=ops&precision=s",
                "-H",
                "Authorization: Token " + token,
                "--data-binary",
                "cpu,host=edge-1 idle=97.5 1700000000\nmem,host=edge-1 used=41i 1700000000");
        assertThat(answer).isEqualTo("204 ");
        awaitRows("select measurement, device from machines order by measurement", "cpu|edge-1", "mem|edge-1");
    }

    @Test
    void run_withoutToken_isRefused() throws Exception {
        assertThat(curl("/greenhouse/three/climate", "-d", "{}")).startsWith("401 {");
        assertThat(curl("/greenhouse/three/climate", "-H", "Authorization: Bearer pump-1.wrong", "-d", "{}"))
                .startsWith("401 {")
                .contains("not accepted");
    }

    @Test
    void run_addressThatNoPipelineWants_is404() throws Exception {
        assertThat(curl("/elsewhere", "-H", bearer(), "-d", "{}"))
                .startsWith("404 {")
                .contains("'topic:'");
    }
}
