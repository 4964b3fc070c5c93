package dev.weir.connect.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.config.ConfigFile;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Tree;
import dev.weir.engine.config.Yaml;
import dev.weir.testkit.Certificates;
import dev.weir.testkit.FakeAccess;
import dev.weir.testkit.RecordingInlet;
import dev.weir.testkit.TestSurroundings;
import dev.weir.testkit.Tool;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Who may send. The users' passwords are their names backwards, and nobody may send to `secret/`.
@Timeout(30)
class AccessIT {
    private static final String JSON = "application/json";

    private Door door;

    @BeforeEach
    void open() throws Exception {
        door = new Door(Door.LIMITS, new FakeAccess("closed"), List.of("https://ui.example"));
    }

    @AfterEach
    void close() {
        door.close();
    }

    private int status(String path, String... headers) throws Exception {
        return door.post(path, JSON, "{}", headers).statusCode();
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    }

    @Test
    void post_anonymous_is401AndSaysHow() throws Exception {
        HttpResponse<String> response = door.post("/a", JSON, "{}");
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate").orElse("")).contains("Bearer", "Basic");
        assertThat(door.inlet.reasons).containsExactly("anonymous");
    }

    @Test
    void post_bearerToken_isChecked() throws Exception {
        assertThat(status("/a", "Authorization", "Bearer ann.nna")).isEqualTo(204);
        assertThat(status("/a", "Authorization", "bearer ann.nna")).isEqualTo(204);
        assertThat(status("/a", "Authorization", "Bearer ann.wrong")).isEqualTo(401);
    }

    @Test
    void post_basic_isChecked() throws Exception {
        assertThat(status("/a", "Authorization", basic("ann:nna"))).isEqualTo(204);
        assertThat(status("/a", "Authorization", basic("ann:"))).isEqualTo(401);
        assertThat(status("/a", "Authorization", basic("ann"))).isEqualTo(401);
        assertThat(status("/a", "Authorization", "Basic %%%")).isEqualTo(401);
        assertThat(status("/a", "Authorization", "Digest x")).isEqualTo(401);
    }

    @Test
    void post_whilePasswordsAreNotChecked_isToldWhenToComeAgain() throws Exception {
        HttpResponse<String> busy = door.post("/a", JSON, "{}", "Authorization", basic("busy:x"));
        assertThat(busy.statusCode()).isEqualTo(503);
        assertThat(busy.headers().firstValue("Retry-After")).isPresent();
        HttpResponse<String> guessing = door.post("/a", JSON, "{}", "Authorization", basic("too-many-failures:x"));
        assertThat(guessing.statusCode()).isEqualTo(429);
        assertThat(guessing.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void post_forbiddenAddress_is403BeforeTheBodyIsRead() throws Exception {
        assertThat(status("/secret/x", "Authorization", "Bearer ann.nna")).isEqualTo(403);
        assertThat(door.inlet.taken).isEmpty();
    }

    @Test
    void write_influxCredentials_areUnderstood() throws Exception {
        assertThat(door.post("/write?db=d&u=ann&p=nna", "", "m v=1").statusCode())
                .isEqualTo(204);
        HttpResponse<String> wrong = door.post("/write?db=d&u=ann&p=x", "", "m v=1");
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.body()).isEqualTo("{\"error\":\"authorization failed\"}");
        String two = "/api/v2/write?bucket=d";
        assertThat(door.post(two, "", "m v=1", "Authorization", "Token ann.nna").statusCode())
                .isEqualTo(204);
        assertThat(door.post(two, "", "m v=1", "Authorization", "Token ann:nna").statusCode())
                .isEqualTo(204);
        assertThat(door.post(two + "&u=ann&p=nna", "", "m v=1").body()).startsWith("{\"code\":\"unauthorized\"");
        assertThat(status("/a?u=ann&p=nna")).isEqualTo(401);
    }

    @Test
    void post_byNamedOrigin_isTakenAndShared() throws Exception {
        HttpResponse<String> response =
                door.post("/a", JSON, "{}", "Origin", "https://ui.example", "Authorization", "Bearer ann.nna");
        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).hasValue("https://ui.example");
        assertThat(status("/a", "Origin", "https://evil.example", "Authorization", "Bearer ann.nna"))
                .isEqualTo(403);
    }

    @Test
    void post_overTlsWithCertificate_isItsOwner(@TempDir Path folder) throws Exception {
        Certificates certificates = Certificates.in(folder);
        String yaml = "{ listen: none, tls: "
                + certificates.block(", client-ca: '" + certificates.authority() + "', clients: optional") + " }";
        Problems problems = new Problems();
        Tree tree = Yaml.parse(new ConfigFile("test.yaml", yaml), Map.of(), problems)
                .orElseThrow();
        IngestOptions options = IngestOptions.of(Section.check(tree, IngestOptions.shape(), problems), problems);
        assertThat(problems.all()).isEmpty();
        RecordingInlet inlet = new RecordingInlet();
        HttpSource source = new HttpSource(
                options, TestSurroundings.with(TestSurroundings.of("tls", folder), new FakeAccess("closed")));
        source.open(inlet);
        try {
            String url = "https://localhost:" + source.port() + "/a";
            Tool curl = Tool.require("curl", "curl");
            String[] base = {"-sS", "-o", "/dev/null", "-w", "%{http_code}", "-d", "{}", "-H", "Content-Type: " + JSON};
            assertThat(curl(curl, base, "--cacert", certificates.authority(), url))
                    .isEqualTo("401");
            assertThat(curl(
                            curl,
                            base,
                            "--cacert",
                            certificates.authority(),
                            "--cert",
                            certificates.certificate("client"),
                            "--key",
                            certificates.key("client"),
                            url))
                    .isEqualTo("204");
            assertThat(inlet.next().address()).isEqualTo("a");
            assertThat(curl(
                            curl,
                            base,
                            "--cacert",
                            certificates.authority(),
                            "--cert",
                            certificates.certificate("client"),
                            "--key",
                            certificates.key("client"),
                            "-u",
                            "ann:wrong",
                            url))
                    .as("the certificate goes before a name and password")
                    .isEqualTo("204");
        } finally {
            source.close();
        }
    }

    private static String curl(Tool curl, String[] base, String... more) throws Exception {
        String[] all = java.util.Arrays.copyOf(base, base.length + more.length);
        System.arraycopy(more, 0, all, base.length, more.length);
        return curl.run(Duration.ofSeconds(10), all).output();
    }
}
