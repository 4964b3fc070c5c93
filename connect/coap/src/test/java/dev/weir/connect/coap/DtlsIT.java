package dev.weir.connect.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.config.ConfigFile;
import dev.weir.engine.config.Problem;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Yaml;
import dev.weir.testkit.Certificates;
import dev.weir.testkit.Tool;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.scandium.DTLSConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The encrypted port, with libcoap's clients over OpenSSL and GnuTLS.
@Timeout(60)
class DtlsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private final Keyring keyring = new Keyring();

    DtlsIT() {
        keyring.keys.put("m1", "sesame-open-123");
    }

    private static SourceOptions options(String dtls) {
        Problems problems = new Problems();
        SourceOptions options = options("listen: 127.0.0.1:0\ndtls: { listen: 127.0.0.1:0, " + dtls + " }", problems);
        assertThat(problems.all()).extracting(Problem::message).isEmpty();
        return options;
    }

    private static SourceOptions options(String text, Problems problems) {
        Section section = Section.check(
                Yaml.parse(new ConfigFile("f", text), Map.of(), problems).orElseThrow(), SourceOptions.SHAPE, problems);
        return SourceOptions.of(section, problems);
    }

    private Scripted node(String dtls) throws IOException {
        return new Scripted(options(dtls), keyring);
    }

    private static String run(String client, String... arguments) throws Exception {
        return Tool.require("coap-client-" + client, "libcoap3-bin")
                .run(PATIENCE, arguments)
                .output();
    }

    private static String post(String client, String name, String key, String url) throws Exception {
        return run(client, "-v", "6", "-B", "3", "-u", name, "-k", key, "-m", "post", "-e", "21.5", url);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "gnutls"})
    void post_withTheKey_isTaken(String client) throws Exception {
        try (Scripted node = node("psk: true")) {
            String output = post(client, "m1", "sesame-open-123", node.encrypted("own/m1/t"));
            assertThat(node.next().address()).isEqualTo("own/m1/t");
            assertThat(output).contains("2.04");
        }
    }

    @Test
    void post_withAnotherKeyOrAnUnknownName_doesNotComeIn() throws Exception {
        try (Scripted node = node("psk: true")) {
            assertThat(post("openssl", "m1", "wrong", node.encrypted("own/m1/t")))
                    .doesNotContain("2.04");
            assertThat(post("openssl", "m2", "sesame-open-123", node.encrypted("own/m2/t")))
                    .doesNotContain("2.04");
            assertThat(post("openssl", "x".repeat(60), "k", node.encrypted("own/m2/t")))
                    .doesNotContain("2.04");
            assertThat(node.taken).isEmpty();
        }
    }

    @Test
    void post_toSomebodyElsesPath_isForbidden() throws Exception {
        try (Scripted node = node("psk: true")) {
            assertThat(post("openssl", "m1", "sesame-open-123", node.encrypted("own/m2/t")))
                    .contains("4.03");
            assertThat(node.rejected).containsExactly("not-authorized");
        }
    }

    @Test
    void post_afterRevocation_isUnauthorized() throws Exception {
        try (Scripted node = node("psk: true")) {
            assertThat(post("openssl", "m1", "sesame-open-123", node.encrypted("own/m1")))
                    .contains("2.04");
            keyring.revoked.add("m1");
            assertThat(post("openssl", "m1", "sesame-open-123", node.encrypted("own/m1")))
                    .contains("4.01");
        }
    }

    @Test
    void session_afterItsNameGotAnotherKey_isUnauthorized() throws Exception {
        try (Scripted node = node("psk: true");
                Peer peer = new Peer(new ClientSecret.Shared("m1", Psk.secret(bytes("sesame-open-123"))))) {
            assertThat(peer.send(Code.POST, node.encrypted("own/m1"), "1").getCode())
                    .isEqualTo(ResponseCode.CHANGED);
            keyring.revoked.add("m1");
            assertThat(peer.send(Code.POST, node.encrypted("own/m1"), "1").getCode())
                    .isEqualTo(ResponseCode.UNAUTHORIZED);
            keyring.revoked.clear();
            keyring.keys.put("m1", "the new one, 456");
            keyring.generation = 1;
            assertThat(peer.send(Code.POST, node.encrypted("own/m1"), "1").getCode())
                    .isEqualTo(ResponseCode.UNAUTHORIZED);
            assertThat(post("openssl", "m1", "the new one, 456", node.encrypted("own/m1")))
                    .contains("2.04");
        }
    }

    @Test
    void session_resumed_isStillWhoItWas() throws Exception {
        try (Scripted node = node("psk: true");
                Peer peer = new Peer(new ClientSecret.Shared("m1", Psk.secret(bytes("sesame-open-123"))))) {
            assertThat(peer.send(Code.POST, node.encrypted("own/m1"), "1").getCode())
                    .isEqualTo(ResponseCode.CHANGED);
            ((DTLSConnector) peer.endpoint.getConnector()).forceResumeAllSessions();
            assertThat(peer.send(Code.POST, node.encrypted("own/m1"), "2").getCode())
                    .isEqualTo(ResponseCode.CHANGED);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// A ClientHello without a cookie, for TLS_PSK_WITH_AES_128_CCM_8.
    private static byte[] hello(SplittableRandom random) {
        ByteBuffer hello = ByteBuffer.allocate(256);
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        hello.put(new byte[] {22, (byte) 254, (byte) 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 54});
        hello.put(new byte[] {1, 0, 0, 42, 0, 0, 0, 0, 0, 0, 0, 42});
        hello.put(new byte[] {(byte) 254, (byte) 253}).put(secret);
        hello.put(new byte[] {0, 0, 0, 2, (byte) 0xc0, (byte) 0xa8, 1, 0});
        return Arrays.copyOf(hello.array(), hello.position());
    }

    @Test
    void hellos_ofManyForgedAddresses_holdNothing() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        try (Scripted node = node("psk: true, max-sessions: 4")) {
            long before = LimitsIT.heapBytes();
            for (int i = 0; i < 200; i++) {
                try (DatagramSocket socket = LimitsIT.from("127.0.4." + (1 + i))) {
                    for (int n = 0; n < 50; n++) {
                        byte[] hello = hello(random);
                        socket.send(new DatagramPacket(hello, hello.length, node.source.encryptedAddress()));
                    }
                    if (i == 0) {
                        byte[] answer = LimitsIT.receive(socket);
                        // A HelloVerifyRequest, shorter than the hello.
                        assertThat(answer[13]).isEqualTo((byte) 3);
                        assertThat(answer).hasSizeLessThan(hello(random).length);
                    }
                }
            }
            assertThat(LimitsIT.heapBytes() - before).isLessThan(4 << 20);
            assertThat(post("openssl", "m1", "sesame-open-123", node.encrypted("own/m1")))
                    .contains("2.04");
        }
    }

    @Test
    void handshakes_ofOneAddressThatNeverEnd_leaveRoomForOthers() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        List<DatagramSocket> sockets = new ArrayList<>();
        try (Scripted node = node("psk: true, max-sessions: 8, idle: 1h")) {
            for (int i = 0; i < 40; i++) {
                DatagramSocket socket = LimitsIT.from("127.0.4.1");
                sockets.add(socket);
                byte[] hello = hello(random);
                socket.send(new DatagramPacket(hello, hello.length, node.source.encryptedAddress()));
                byte[] second = withCookie(hello, LimitsIT.receive(socket));
                socket.send(new DatagramPacket(second, second.length, node.source.encryptedAddress()));
                LimitsIT.receive(socket);
            }
            assertThat(post("openssl", "m1", "sesame-open-123", node.encrypted("own/m1")))
                    .contains("2.04");
        } finally {
            sockets.forEach(DatagramSocket::close);
        }
    }

    /// The same hello with the cookie of a HelloVerifyRequest.
    private static byte[] withCookie(byte[] hello, byte[] verify) {
        int length = verify[27];
        int cookieAt = 25 + 2 + 32 + 1;
        byte[] out = Arrays.copyOf(hello, hello.length + length);
        out[10] = 1;
        out[12] += (byte) length;
        out[16] += (byte) length;
        out[18] = 1;
        out[24] += (byte) length;
        out[cookieAt] = (byte) length;
        System.arraycopy(verify, 28, out, cookieAt + 1, length);
        System.arraycopy(hello, cookieAt + 1, out, cookieAt + 1 + length, hello.length - cookieAt - 1);
        return out;
    }

    @Test
    void sessions_moreThanThereMayBe_waitUntilOneIsSilent() throws Exception {
        try (Scripted node = node("psk: true, max-sessions: 1, idle: 1h");
                Peer peer = new Peer(new ClientSecret.Shared("m1", Psk.secret(bytes("sesame-open-123"))))) {
            assertThat(peer.send(Code.POST, node.encrypted("own/m1"), "1").getCode())
                    .isEqualTo(ResponseCode.CHANGED);
            assertThat(post("openssl", "m1", "sesame-open-123", node.encrypted("own/m1")))
                    .doesNotContain("2.04");
            assertThat(peer.send(Code.POST, node.encrypted("own/m1"), "2").getCode())
                    .isEqualTo(ResponseCode.CHANGED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "gnutls"})
    void post_ofSixThousandBytes_isPutTogether(String client) throws Exception {
        Path file = Files.writeString(folder.resolve("payload"), "x".repeat(6000));
        try (Scripted node = node("psk: true")) {
            String output = run(
                    client,
                    "-v",
                    "6",
                    "-B",
                    "9",
                    "-u",
                    "m1",
                    "-k",
                    "sesame-open-123",
                    "-m",
                    "post",
                    "-b",
                    "512",
                    "-f",
                    file.toString(),
                    node.encrypted("own/m1"));
            assertThat(output).contains("2.04");
            assertThat(node.next().payload()).hasSize(6000);
        }
    }

    @Test
    void observe_overDtls_getsEachChange() throws Exception {
        try (Scripted node = node("psk: true")) {
            node.latest("m1", 1);
            Process process = Tool.require("coap-client-openssl", "libcoap3-bin")
                    .start("-u", "m1", "-k", "sesame-open-123", "-s", "30", node.encrypted("latest/climate/m1"));
            try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
                LatestIT.awaitText(reader, "\"temperature\":1.0");
                node.latest("m1", 2);
                LatestIT.awaitText(reader, "\"temperature\":2.0");
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private Certificates certificates() throws Exception {
        Certificates made = new Certificates(folder, "authority");
        issue(made, "node");
        issue(made, "m1");
        return made;
    }

    private static void issue(Certificates made, String name) throws Exception {
        issue(made, name, Certificates.EC);
    }

    private static void issue(Certificates made, String name, List<String> key) throws Exception {
        made.issue(name, name, "IP:127.0.0.1,DNS:" + name + ".example", key);
    }

    private static String required(Certificates made) {
        return "psk: false, certificate: \"" + made.certificate("node") + "\", key: \"" + made.key("node")
                + "\", client-ca: \"" + made.authority() + "\"";
    }

    private static String postCertified(String client, Certificates made, String name, String url) throws Exception {
        return run(
                client,
                "-v",
                "6",
                "-B",
                "3",
                "-c",
                made.certificate(name),
                "-j",
                made.key(name),
                "-R",
                made.authority(),
                "-m",
                "post",
                "-e",
                "1",
                url);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "gnutls"})
    void post_withACertificate_isTakenUnderItsName(String client) throws Exception {
        Certificates made = certificates();
        keyring.certified.add("m1");
        try (Scripted node = node(required(made))) {
            assertThat(postCertified(client, made, "m1", node.encrypted("own/m1")))
                    .contains("2.04");
            assertThat(postCertified(client, made, "m1", node.encrypted("own/m2")))
                    .contains("4.03");
            keyring.certified.clear();
            keyring.revoked.add("m1");
            assertThat(postCertified(client, made, "m1", node.encrypted("own/m1")))
                    .contains("4.01");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "gnutls"})
    void post_withKeysOfOtherKinds_isTaken(String client) throws Exception {
        Certificates made = certificates();
        issue(made, "m1", Certificates.RSA);
        keyring.certified.add("m1");
        for (List<String> key : List.of(Certificates.RSA, Certificates.ED25519)) {
            issue(made, "node", key);
            try (Scripted node = node(required(made))) {
                assertThat(postCertified(client, made, "m1", node.encrypted("own/m1")))
                        .contains("2.04");
            }
        }
    }

    @Test
    void source_withoutAPlainPort_takesByDtlsOnly() throws Exception {
        Problems problems = new Problems();
        SourceOptions options = options("listen: none\ndtls: { listen: 127.0.0.1:0 }", problems);
        try (Scripted node = new Scripted(options, keyring)) {
            assertThat(problems.all()).isEmpty();
            assertThat(post("openssl", "m1", "sesame-open-123", node.encrypted("own/m1")))
                    .contains("2.04");
            assertThat(node.source.address()).isEqualTo(node.source.encryptedAddress());
        }
    }

    @Test
    void options_withNoPortAtAll_areAProblem() {
        Problems problems = new Problems();
        options("listen: none", problems);
        assertThat(problems.all())
                .extracting(Problem::message)
                .containsExactly("with 'listen: none' nobody can connect: add 'dtls:'");
    }

    @Test
    void post_withACertificateThatIsKnownByItsAlternativeName_isTakenUnderIt() throws Exception {
        Certificates made = certificates();
        keyring.certified.add("m1.example");
        try (Scripted node = node(required(made) + ", identity: san-dns")) {
            assertThat(postCertified("openssl", made, "m1", node.encrypted("own/m1.example")))
                    .contains("2.04");
        }
    }

    @Test
    void post_withACertificateOfAnotherAuthority_doesNotComeIn() throws Exception {
        Certificates made = certificates();
        keyring.certified.add("m1");
        Path elsewhere = Files.createDirectory(folder.resolve("other"));
        Certificates other = new Certificates(elsewhere, "other");
        issue(other, "m1");
        try (Scripted node = node(required(made))) {
            assertThat(postCertified("openssl", other, "m1", node.encrypted("own/m1")))
                    .doesNotContain("2.04");
            assertThat(node.taken).isEmpty();
        }
    }

    @Test
    void certificate_replacedOnDisk_isShownToNewClients() throws Exception {
        Certificates made = certificates();
        keyring.certified.add("m1");
        try (Scripted node = node(required(made))) {
            assertThat(postCertified("openssl", made, "m1", node.encrypted("own/m1")))
                    .contains("2.04");
            issue(made, "other-node");
            Files.copy(
                    Path.of(made.certificate("other-node")),
                    Path.of(made.certificate("node")),
                    StandardCopyOption.REPLACE_EXISTING);
            Files.copy(Path.of(made.key("other-node")), Path.of(made.key("node")), StandardCopyOption.REPLACE_EXISTING);
            String output = "";
            while (!output.contains("other-node")) {
                output = run(
                        "openssl",
                        "-v",
                        "8",
                        "-B",
                        "3",
                        "-c",
                        made.certificate("m1"),
                        "-j",
                        made.key("m1"),
                        "-R",
                        made.authority(),
                        "-m",
                        "post",
                        "-e",
                        "1",
                        node.encrypted("own/m1"));
                assertThat(output).contains("2.04");
            }
        }
    }

    private static void command(Scripted node, String path, String secret) throws Exception {
        String text = "url: " + node.encrypted(path) + "\nmethod: post\ntimeout: 3s\n" + secret;
        Problems problems = new Problems();
        Section section = Section.check(
                Yaml.parse(new ConfigFile("f", text), Map.of(), problems).orElseThrow(), ActionOptions.SHAPE, problems);
        ActionOptions action = ActionOptions.of(section, problems);
        assertThat(problems.all()).extracting(Problem::message).isEmpty();
        try (CoapActuator actuator = new CoapActuator(action, "fan")) {
            actuator.send(section.text("url"), "on");
        }
    }

    @Test
    void action_withAKey_reachesAnEncryptedServer() throws Exception {
        try (Scripted node = node("psk: true")) {
            command(node, "own/m1/fan", "identity: m1\nkey: sesame-open-123");
            assertThat(node.next().payload()).isEqualTo("on");
            assertThatThrownBy(() -> command(node, "own/m1/fan", "identity: m1\nkey: wrong"))
                    .isInstanceOf(IOException.class)
                    .hasMessageNotContaining("wrong");
        }
    }

    @Test
    void action_withCertificates_reachesTheServerItBelieves() throws Exception {
        Certificates made = certificates();
        keyring.certified.add("m1");
        String own = "certificate: \"" + made.certificate("m1") + "\", key: \"" + made.key("m1") + "\"";
        Certificates other = new Certificates(Files.createDirectory(folder.resolve("other")), "other");
        try (Scripted node = node(required(made))) {
            command(node, "own/m1/fan", "tls: { ca: \"" + made.authority() + "\", " + own + " }");
            assertThat(node.next().payload()).isEqualTo("on");
            assertThatThrownBy(() ->
                            command(node, "own/m1/fan", "tls: { ca: \"" + other.authority() + "\", " + own + " }"))
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "url: coaps://h/x | needs either",
                "url: coaps://h/x\nidentity: a | needs either",
                "url: coap://h/x\nidentity: a\nkey: b | begin the URL with coaps"
            })
    void action_withHalfASecret_isAProblem(String text) {
        String[] parts = text.split(" \\| ", 2);
        Problems problems = new Problems();
        Section section = Section.check(
                Yaml.parse(new ConfigFile("f", parts[0]), Map.of(), problems).orElseThrow(),
                ActionOptions.SHAPE,
                problems);
        ActionOptions.of(section, problems);
        assertThat(problems.all())
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .contains(parts[1]);
    }

    @Test
    void garbage_doesNotStopTheSource() throws Exception {
        long seed = Long.getLong("weir.seed", System.nanoTime());
        System.out.println("DTLS noise: seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        try (Scripted node = node("psk: true");
                DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < 2000; i++) {
                byte[] noise = new byte[random.nextInt(1, 200)];
                random.nextBytes(noise);
                if (random.nextBoolean()) {
                    noise[0] = (byte) random.nextInt(20, 26);
                }
                socket.send(new DatagramPacket(noise, noise.length, node.source.encryptedAddress()));
            }
            assertThat(post("openssl", "m1", "sesame-open-123", node.encrypted("own/m1")))
                    .contains("2.04");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ psk: false } | needs 'psk: true'",
                "{ certificate: a.pem } | 'key' is missing",
                "{ client-ca: a.pem } | only to a node that has one"
            })
    void options_thatCannotWork_areProblems(String text) {
        String[] parts = text.split(" \\| ", 2);
        Problems problems = new Problems();
        options("dtls: " + parts[0], problems);
        assertThat(problems.all())
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .contains(parts[1]);
    }

    @Test
    void shape_itself_isSound() {
        SourceOptions.SHAPE.verify();
        ActionOptions.SHAPE.verify();
    }
}
