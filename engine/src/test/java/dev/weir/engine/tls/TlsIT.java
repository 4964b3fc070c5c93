package dev.weir.engine.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.config.ConfigFile;
import dev.weir.engine.config.Problem;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import dev.weir.engine.config.Yaml;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Certificates by openssl, handshakes over real sockets.
class TlsIT {
    private static final String[] P256 = {"EC", "-pkeyopt", "ec_paramgen_curve:P-256"};

    @TempDir
    private Path folder;

    private Authority authority;
    private final Problems problems = new Problems();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final InstantSource clock = now::get;

    /// What a handshake came to.
    record Met(X509Certificate server, Optional<X509Certificate> client, String protocol) {}

    @BeforeEach
    void makeAuthority() throws Exception {
        authority = new Authority(folder, "authority");
    }

    private Section section(Shape shape, String yaml) {
        return Section.check(
                Yaml.parse(new ConfigFile("test.yaml", yaml), Map.of(), problems)
                        .orElseThrow(),
                shape,
                problems);
    }

    private static String pair(Authority.Pair pair) {
        return "certificate: " + pair.certificate() + "\nkey: " + pair.key() + "\n";
    }

    private Optional<ServerTls> load(String yaml) {
        return ServerTls.of(section(new Shape("A door.", ServerTls.options()), yaml), problems, clock);
    }

    private ServerTls server(String yaml) {
        Optional<ServerTls> tls = load(yaml);
        assertThat(problems.all()).isEmpty();
        return tls.orElseThrow();
    }

    private ClientTls client(String yaml) {
        return ClientTls.of(section(ClientTls.shape(), yaml), problems, clock).orElseThrow();
    }

    private ClientTls trusting() {
        return client("ca: " + authority.certificate() + "\n");
    }

    private static Met meet(ServerTls server, ClientTls client) throws Exception {
        return meet(server, client, "localhost");
    }

    private static Met meet(ServerTls server, ClientTls client, String host) throws Exception {
        try (SSLServerSocket listening = (SSLServerSocket)
                server.context().getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Optional<X509Certificate>> accepted = CompletableFuture.supplyAsync(
                    () -> accept(listening, server),
                    task -> Thread.ofVirtual().name("tls-test-door").start(task));
            try (SSLSocket socket = (SSLSocket) client.context()
                    .getSocketFactory()
                    .createSocket(
                            new java.net.Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort()),
                            host,
                            listening.getLocalPort(),
                            true)) {
                socket.setSSLParameters(client.parameters());
                socket.setSoTimeout(10_000);
                socket.startHandshake();
                // Under TLS 1.3 a client learns only here that its certificate was refused.
                int read = socket.getInputStream().read();
                assertThat(read).isEqualTo(7);
                return new Met(
                        (X509Certificate) socket.getSession().getPeerCertificates()[0],
                        accepted.get(10, TimeUnit.SECONDS),
                        socket.getSession().getProtocol());
            }
        }
    }

    private static Optional<X509Certificate> accept(SSLServerSocket listening, ServerTls server) {
        try (SSLSocket socket = (SSLSocket) listening.accept()) {
            socket.setSSLParameters(server.parameters());
            socket.setSoTimeout(10_000);
            socket.startHandshake();
            socket.getOutputStream().write(7);
            return ServerTls.clientCertificate(socket.getSession());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void replace(Authority.Pair old, Authority.Pair fresh) throws IOException {
        Files.copy(fresh.certificate(), old.certificate(), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(fresh.key(), old.key(), StandardCopyOption.REPLACE_EXISTING);
    }

    private void wait(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA -pkeyopt rsa_keygen_bits:2048", "EC -pkeyopt ec_paramgen_curve:P-256", "ED25519"})
    void handshake_withAKeyOfEachKind_works(String key) throws Exception {
        ServerTls server = server(pair(authority.server(key.split(" "))));

        Met met = meet(server, trusting());

        assertThat(met.protocol()).isEqualTo("TLSv1.3");
        assertThat(met.client()).isEmpty();
    }

    @Test
    void of_withAnRsaKeyInItsOldForm_readsIt() throws Exception {
        Authority.Pair pair = authority.server("RSA", "-pkeyopt", "rsa_keygen_bits:2048");
        authority.openssl("rsa", "-in", pair.key().toString(), "-traditional", "-out", "old.key");
        assertThat(Files.readString(folder.resolve("old.key"))).contains("BEGIN RSA PRIVATE KEY");

        ServerTls server = server(pair(new Authority.Pair(pair.certificate(), folder.resolve("old.key"))));

        assertThat(meet(server, trusting()).protocol()).isEqualTo("TLSv1.3");
    }

    @Test
    void of_withAnEcKeyInItsOldForm_readsIt() throws Exception {
        Authority.Pair pair = authority.server(P256);
        authority.openssl("ec", "-in", pair.key().toString(), "-out", "old.key");
        assertThat(Files.readString(folder.resolve("old.key"))).contains("BEGIN EC PRIVATE KEY");

        ServerTls server = server(pair(new Authority.Pair(pair.certificate(), folder.resolve("old.key"))));

        assertThat(meet(server, trusting()).protocol()).isEqualTo("TLSv1.3");
    }

    @Test
    void of_withAnEncryptedKey_saysHowToDecryptIt() throws Exception {
        Authority.Pair pair = authority.server(P256);
        authority.openssl("pkcs8", "-topk8", "-in", pair.key().toString(), "-passout", "pass:x", "-out", "locked.key");

        Optional<ServerTls> tls = load(pair(new Authority.Pair(pair.certificate(), folder.resolve("locked.key"))));

        assertThat(tls).isEmpty();
        assertThat(message()).contains("is encrypted").contains("openssl pkey -in");
    }

    @Test
    void of_withTheKeyOfAnotherCertificate_isAnError() throws Exception {
        Authority.Pair one = authority.server(P256);
        Authority.Pair other = authority.server(P256.clone());

        assertThat(load(pair(new Authority.Pair(one.certificate(), other.key()))))
                .isEmpty();

        assertThat(message()).contains("is not the key of the certificate in").contains("CN=localhost");
        assertThat(problems.all().getFirst().location().line()).isEqualTo(2);
    }

    @Test
    void of_withAMissingFile_namesIt() throws Exception {
        Authority.Pair pair = authority.server(P256);

        assertThat(load(pair(new Authority.Pair(folder.resolve("nowhere.pem"), pair.key()))))
                .isEmpty();

        assertThat(message()).isEqualTo("certificate: '" + folder.resolve("nowhere.pem") + "' does not exist");
    }

    @Test
    void of_withAFileWithoutEnd_readsNoMoreThanItsLimit() throws Exception {
        Authority.Pair pair = authority.server(P256);

        assertThat(load(pair(new Authority.Pair(Path.of("/dev/zero"), pair.key()))))
                .isEmpty();

        assertThat(message()).contains("is larger than 64 KiB");
    }

    @Test
    void of_withAnExpiredCertificate_warnsAndGoesOn() throws Exception {
        Authority.Pair pair = authority.server(P256);
        wait(Duration.ofDays(400));

        assertThat(load(pair(pair))).isPresent();

        assertThat(problems.hasErrors()).isFalse();
        assertThat(message()).contains("CN=localhost").contains("has expired at 20");
    }

    @Test
    void of_withACertificateThatEndsSoon_warns() throws Exception {
        Authority.Pair pair = authority.server(P256);
        wait(Duration.ofDays(350));

        assertThat(load(pair(pair))).isPresent();

        assertThat(message()).contains("in 14 days");
    }

    @Test
    void of_withAKeyThatEverybodyMayRead_warns() throws Exception {
        Authority.Pair pair = authority.server(P256);
        Files.setPosixFilePermissions(pair.key(), PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(load(pair(pair))).isPresent();

        assertThat(message()).contains("can be read by every user").contains("chmod 600");
    }

    @Test
    void of_withClientsButNobodyWhoVouches_isAnError() throws Exception {
        assertThat(load(pair(authority.server(P256)) + "clients: required\n")).isEmpty();

        assertThat(message()).contains("client-ca");
    }

    @Test
    void handshake_withNewFiles_givesTheNewCertificateWithoutRestart() throws Exception {
        Authority.Pair pair = authority.server(P256);
        ServerTls server = server(pair(pair));
        X509Certificate before = meet(server, trusting()).server();

        replace(pair, authority.server("ED25519"));
        X509Certificate within = meet(server, trusting()).server();
        wait(Duration.ofSeconds(3));
        X509Certificate after = meet(server, trusting()).server();

        assertThat(within).isEqualTo(before);
        assertThat(after.getPublicKey().getAlgorithm()).isEqualTo("EdDSA");
    }

    @Test
    void handshake_withBrokenNewFiles_goesOnWithTheOldOnes() throws Exception {
        Authority.Pair pair = authority.server(P256);
        ServerTls server = server(pair(pair));
        X509Certificate before = meet(server, trusting()).server();

        // Half of a renewal: the certificate is new, its key has not come yet.
        Authority.Pair fresh = authority.server("ED25519");
        Files.copy(fresh.certificate(), pair.certificate(), StandardCopyOption.REPLACE_EXISTING);
        wait(Duration.ofSeconds(3));
        X509Certificate half = meet(server, trusting()).server();
        Files.copy(fresh.key(), pair.key(), StandardCopyOption.REPLACE_EXISTING);
        wait(Duration.ofSeconds(3));
        X509Certificate whole = meet(server, trusting()).server();

        assertThat(half).isEqualTo(before);
        assertThat(whole.getPublicKey().getAlgorithm()).isEqualTo("EdDSA");
    }

    @Test
    void handshake_withAClockThatWasSetBack_stillTakesUpNewFiles() throws Exception {
        Authority.Pair pair = authority.server(P256);
        ServerTls server = server(pair(pair));

        replace(pair, authority.server("ED25519"));
        wait(Duration.ofHours(-1));

        assertThat(meet(server, trusting()).server().getPublicKey().getAlgorithm())
                .isEqualTo("EdDSA");
    }

    @Test
    void handshake_withAClientCertificate_givesItsNames() throws Exception {
        ServerTls server = server(
                pair(authority.server(P256)) + "client-ca: " + authority.certificate() + "\nidentity: san-uri\n");
        Authority.Pair own = authority.issue("pump-1", "URI:urn:plant:7,email:p@x.example,DNS:pump.x", 30, P256);
        ClientTls client = client("ca: " + authority.certificate() + "\n" + pair(own));

        X509Certificate shown = meet(server, client).client().orElseThrow();

        assertThat(server.clients()).isEqualTo(ServerTls.Clients.REQUIRED);
        assertThat(server.identityIn(shown)).contains("urn:plant:7");
        assertThat(CertificateName.CN.in(shown)).contains("pump-1");
        assertThat(CertificateName.SAN_EMAIL.in(shown)).contains("p@x.example");
        assertThat(CertificateName.SAN_DNS.in(shown)).contains("pump.x");
    }

    @Test
    void handshake_withoutTheClientCertificateThatIsRequired_fails() throws Exception {
        ServerTls server = server(pair(authority.server(P256)) + "client-ca: " + authority.certificate() + "\n");

        assertThatThrownBy(() -> meet(server, trusting())).isInstanceOf(IOException.class);
    }

    @Test
    void handshake_withoutTheClientCertificateThatIsOptional_works() throws Exception {
        ServerTls server = server(
                pair(authority.server(P256)) + "client-ca: " + authority.certificate() + "\nclients: optional\n");

        assertThat(meet(server, trusting()).client()).isEmpty();
    }

    @Test
    void handshake_withACertificateOfAStranger_fails() throws Exception {
        ServerTls server = server(pair(authority.server(P256)) + "client-ca: " + authority.certificate() + "\n");
        Authority.Pair strange = new Authority(folder, "stranger").issue("pump-1", "DNS:x", 30, P256);
        ClientTls client = client("ca: " + authority.certificate() + "\n" + pair(strange));

        assertThatThrownBy(() -> meet(server, client)).isInstanceOf(IOException.class);
    }

    @Test
    void handshake_withANewClientAuthority_believesItWithoutRestart() throws Exception {
        Path authorities = Files.copy(authority.certificate(), folder.resolve("clients.pem"));
        ServerTls server = server(pair(authority.server(P256)) + "client-ca: " + authorities + "\n");
        Authority later = new Authority(folder, "later");
        ClientTls client =
                client("ca: " + authority.certificate() + "\n" + pair(later.issue("pump-1", "DNS:x", 30, P256)));

        assertThatThrownBy(() -> meet(server, client)).isInstanceOf(IOException.class);
        Files.copy(later.certificate(), authorities, StandardCopyOption.REPLACE_EXISTING);
        wait(Duration.ofSeconds(3));

        assertThat(meet(server, client).client()).isPresent();
    }

    @Test
    void handshake_withAServerThatNobodyVouchesFor_fails() throws Exception {
        ServerTls server = server(pair(authority.server(P256)));

        assertThatThrownBy(() -> meet(server, ClientTls.ofSystem())).isInstanceOf(SSLException.class);
    }

    @Test
    void handshake_withACertificateForAnotherHost_failsUnlessItIsNotVerified() throws Exception {
        ServerTls server = server(pair(authority.server(P256)));
        ClientTls lax = client("ca: " + authority.certificate() + "\nverify-host: false\n");

        assertThatThrownBy(() -> meet(server, trusting(), "other.example")).isInstanceOf(SSLException.class);
        assertThat(meet(server, lax, "other.example").protocol()).isEqualTo("TLSv1.3");
    }

    @Test
    void parts_ofAClient_areTheOnesOfItsContext() throws Exception {
        Authority.Pair own = authority.server(P256);
        ClientTls client = client("ca: " + authority.certificate() + "\n" + pair(own));

        X509KeyManager keys = (X509KeyManager) client.keys().orElseThrow().getKeyManagers()[0];
        String alias = Objects.requireNonNull(keys.chooseClientAlias(new String[] {"EC"}, null, null));
        X509TrustManager trust = (X509TrustManager) client.trust().getTrustManagers()[0];

        assertThat(keys.getCertificateChain(alias)).hasSize(1);
        assertThat(keys.getPrivateKey(alias)).isNotNull();
        assertThat(trust.getAcceptedIssuers()).hasSize(1);
        assertThat(trusting().keys()).isEmpty();
    }

    @Test
    void of_withACertificateButNoKey_isAnError() throws Exception {
        Section section = section(ClientTls.shape(), "certificate: x.pem\n");

        assertThat(ClientTls.of(section, problems)).isEmpty();

        assertThat(message()).contains("add 'key'");
    }

    @Test
    void options_ofBothSides_areWellFormed() {
        new Shape("A door.", ServerTls.options()).verify();
        ClientTls.shape().verify();
    }

    private String message() {
        assertThat(problems.all()).hasSize(1);
        return problems.all().stream().map(Problem::message).findFirst().orElseThrow();
    }
}
