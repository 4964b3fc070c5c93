package dev.weir.connect.nats;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.Sink;
import dev.weir.testkit.Certificates;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.Ports;
import io.nats.client.NKey;
import io.nats.client.Options;
import io.nats.client.support.JwtUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/// How a link comes about, or does not.
@NullUnmarked
class LinkIT extends NatsRig {
    @Test
    void server_thatSaysNothing_isTriedAgain() throws Exception {
        List<Socket> silent = new CopyOnWriteArrayList<>();
        try (ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        silent.add(door.accept());
                    }
                } catch (IOException closed) {
                    // The test is over.
                }
            });
            String url = "url: \"nats://127.0.0.1:" + door.getLocalPort() + "\", connect-timeout: 100ms, ";
            Sink sink = sink("out", url + "reconnect-min: 10ms, reconnect-max: 50ms, subject: a");
            Eventually.until("it was tried several times", () -> silent.size() > 3);
            assertThatThrownBy(() -> sink.write(readings(0, 1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no answer within 100 ms");
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void password_wrong_isSaidWithoutItAndTriedAgain() throws Exception {
        server("authorization { user: u, password: right }");
        Sink sink = sink("user: u, password: wrong-secret, subject: a");
        Eventually.until(
                "it was tried several times",
                () -> meters.count("weir_link_failures", "name", "out", "part", "sink") > 2);
        assertThatThrownBy(() -> sink.write(readings(0, 1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not let user 'u' in")
                .hasMessageNotContaining("wrong-secret");
        sink("good", "url: \"" + server.url() + "\", user: u, password: right, subject: a")
                .write(readings(0, 1));
    }

    @Test
    void token_right_connects() throws Exception {
        server("authorization { token: secret }");
        sink("token: secret, subject: a").write(readings(0, 1));
    }

    @Test
    void server_awayInAList_theNextIsUsed() throws Exception {
        server();
        sink("out", "url: [\"nats://127.0.0.1:" + Ports.free() + "\", \"" + server.url() + "\"], subject: a")
                .write(readings(0, 1));
    }

    @Test
    void tls_withOwnAuthority_connects_andAWrongNameDoesNot() throws Exception {
        Certificates made = new Certificates(folder.resolve("certificates"), "authority");
        made.issue("server", "localhost", "DNS:localhost");
        server("tls { cert_file: \"" + made.certificate("server") + "\", key_file: \"" + made.key("server") + "\" }");
        String tls = "subject: a, tls: { ca: " + made.authority() + " }, connect-timeout: ";
        sink("right", "url: \"tls://localhost:" + server.port + "\", " + tls + "20s")
                .write(readings(0, 1));
        Sink wrong = sink("wrong", "url: \"tls://127.0.0.1:" + server.port + "\", " + tls + "1s");
        awaitFailure(wrong, "IP address 127.0.0.1 found");
        Sink plain = sink("plain", "url: \"" + server.url() + "\", subject: a, connect-timeout: 1s");
        awaitFailure(plain, "SSL required");
    }

    /// On a busy machine the first attempts may take too long.
    private void awaitFailure(Sink sink, String message) throws Exception {
        Eventually.until("it says: " + message, () -> {
            try {
                sink.write(readings(0, 1));
                throw new AssertionError("the server must not be believed");
            } catch (IOException failed) {
                return String.valueOf(failed.getMessage()).contains(message);
            }
        });
    }

    @Test
    void credentials_ofAUser_connect() throws Exception {
        SecureRandom random = new SecureRandom();
        NKey operator = NKey.createOperator(random);
        NKey account = NKey.createAccount(random);
        NKey user = NKey.createUser(random);
        String accountId = new String(account.getPublicKey());
        long now = JwtUtils.currentTimeSeconds();
        String accountJwt = JwtUtils.issueJWT(
                operator,
                accountId,
                "A",
                Duration.ZERO,
                now,
                new String(operator.getPublicKey()),
                () -> "{\"limits\":{\"subs\":-1,\"data\":-1,\"payload\":-1,\"imports\":-1,\"exports\":-1,"
                        + "\"wildcards\":true,\"conn\":-1,\"leaf\":-1},\"type\":\"account\",\"version\":2}");
        String userJwt = JwtUtils.issueUserJWT(account, accountId, new String(user.getPublicKey()));
        Path file = Files.writeString(
                folder.resolve("user.creds"),
                String.format(JwtUtils.NATS_USER_JWT_FORMAT, userJwt, new String(user.getSeed())));
        server = NatsServer.bare(
                folder,
                "trusted_keys: [\"" + new String(operator.getPublicKey()) + "\"]",
                "resolver: MEMORY",
                "resolver_preload: { " + accountId + ": \"" + accountJwt + "\" }");
        opened.add(server);
        sink("credentials: \"" + file + "\", subject: a").write(readings(0, 1));
        assertThatThrownBy(() -> server.client(Options.builder())).isInstanceOf(IOException.class);
    }

    @Test
    void close_whileTheServerIsStopped_returns() throws Exception {
        server();
        var source = source("subjects: \"t.>\", ack-timeout: 1m");
        awaitUp("src", "source", 1);
        server.signal("STOP");
        try {
            source.close();
        } finally {
            server.signal("CONT");
        }
    }
}
