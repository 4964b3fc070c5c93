package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Meters;
import dev.weir.engine.Upgrades;
import dev.weir.engine.config.ConfigFile;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Tree;
import dev.weir.engine.config.Yaml;
import dev.weir.testkit.Certificates;
import dev.weir.testkit.FakeAccess;
import dev.weir.testkit.RecordingInlet;
import dev.weir.testkit.Tool;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The TLS listener, with mosquitto's clients.
@NullUnmarked
class TlsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    static Path folder;

    static Certificates certificates;

    private final RecordingInlet inlet = new RecordingInlet();
    private final AtomicLong skippedNanos = new AtomicLong();
    private MqttServer server;

    @BeforeAll
    static void issue() throws Exception {
        certificates = Certificates.in(folder);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private void open(String yaml) throws Exception {
        Problems problems = new Problems();
        Tree tree = Yaml.parse(new ConfigFile("test.yaml", yaml), Map.of(), problems)
                .orElseThrow();
        MqttOptions options = ServerOptions.read(Section.check(tree, ServerOptions.shape(), problems), problems);
        assertThat(problems.all()).isEmpty();
        server = new MqttServer(
                "test",
                options,
                new MqttServer.Surrounding(
                        Meters.none(),
                        new FakeAccess("closed"),
                        Upgrades.none(),
                        () -> System.nanoTime() + skippedNanos.get()));
        server.open(inlet);
    }

    private Tool.Result publish(String... more) throws Exception {
        Tool pub = Tool.require("mosquitto_pub", "mosquitto-clients");
        List<String> arguments = new ArrayList<>(List.of("-h", "127.0.0.1", "-p"));
        arguments.add(String.valueOf(server.tlsAddress().getPort()));
        arguments.addAll(List.of("--cafile", certificates.authority(), "-q", "1", "-t", "house/t", "-m", "21.5"));
        arguments.addAll(Arrays.asList(more));
        return pub.run(PATIENCE, arguments.toArray(String[]::new));
    }

    @Test
    void publish_overTlsWithPassword_reachesInlet() throws Exception {
        open("{ listen: none, tls: " + certificates.block("") + " }");

        assertThat(publish("-u", "ann", "-P", "nna")).isEqualTo(new Tool.Result(0, ""));

        assertThat(inlet.next().text()).isEqualTo("21.5");
    }

    @Test
    void publish_overTlsWithWrongPassword_isRefused() throws Exception {
        open("{ listen: none, tls: " + certificates.block("") + " }");

        Tool.Result result = publish("-u", "ann", "-P", "wrong", "-V", "mqttv5");

        assertThat(result.exitCode()).isNotZero();
        assertThat(result.output()).containsIgnoringCase("bad user name or password");
    }

    @Test
    void publish_withClientCertificate_isItsOwner() throws Exception {
        open("{ listen: none, tls: " + certificates.block(", client-ca: '" + certificates.authority() + "'") + " }");
        FakeAccess.REVOKED.add("pump-7");

        try {
            Tool sub = Tool.require("mosquitto_sub", "mosquitto-clients");
            Tool.Result result = sub.run(
                    PATIENCE,
                    "-h",
                    "127.0.0.1",
                    "-p",
                    String.valueOf(server.tlsAddress().getPort()),
                    "--cafile",
                    certificates.authority(),
                    "--cert",
                    certificates.certificate("client"),
                    "--key",
                    certificates.key("client"),
                    "-V",
                    "mqttv5",
                    "-d",
                    "-t",
                    "house/#",
                    "-W",
                    "60");

            // The certificate's name was revoked, so the owner is put out again.
            assertThat(result.output()).containsPattern("(?i)not authori[sz]ed|\\(135\\)|rc 135");
        } finally {
            FakeAccess.REVOKED.clear();
        }
    }

    @Test
    void connect_withoutTheCertificateThatIsRequired_fails() throws Exception {
        open("{ listen: none, tls: " + certificates.block(", client-ca: '" + certificates.authority() + "'") + " }");

        assertThat(publish().exitCode()).isNotZero();
        assertThat(inlet.count).hasValue(0);
    }

    @Test
    void accept_besideAHandshakeThatHangs_goesOn() throws Exception {
        open("{ listen: none, tls: " + certificates.block("") + " }");
        try (Socket silent = new Socket()) {
            silent.connect(server.tlsAddress());

            assertThat(publish("-u", "ann", "-P", "nna").exitCode()).isZero();
            skippedNanos.addAndGet(Duration.ofSeconds(11).toNanos());
            silent.setSoTimeout(60_000);
            assertThat(silent.getInputStream().read())
                    .as("the connect timeout ends it")
                    .isNegative();
        }
    }

    @Test
    void connect_withPlainTextToTls_isClosed() throws Exception {
        open("{ listen: none, tls: " + certificates.block("") + " }");
        try (RawClient client = new RawClient(server.tlsAddress(), Version.V3_1_1)) {
            client.send(new Packet.PingReq());
            client.socket.getOutputStream().write(new byte[2000]);
            client.socket.getInputStream().readAllBytes();

            Served.await("it is gone", () -> server.connections() == 0);
        } catch (java.net.SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    @Test
    void connect_withGarbageToTls_isClosedAndOthersComeIn() throws Exception {
        open("{ listen: none, tls: " + certificates.block("") + " }");
        for (String garbage :
                List.of("16 03 01 ff ff", "16 03 01 00 05 01 ff ff ff 00", "80 2e 01 03 01", "00", "ff".repeat(500))) {
            try (RawClient client = new RawClient(server.tlsAddress(), Version.V5)) {
                client.sendHex(garbage);
                client.socket.shutdownOutput();
                assertThat(client.socket.getInputStream().readAllBytes()).hasSizeLessThan(100);
            } catch (java.net.SocketException reset) {
                assertThat(reset).hasMessageContaining("reset");
            }
        }

        Served.await("they are gone", () -> server.connections() == 0);
        assertThat(publish("-u", "ann", "-P", "nna").exitCode()).isZero();
    }
}
