package dev.weir.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class CredentialsApiIT {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String PATH = "/api/v1/credentials";

    @TempDir
    Path data;

    private TestNode node;

    @BeforeEach
    void start() throws Exception {
        node = new TestNode(data);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + node.api.port() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String token) throws Exception {
        if (!token.isEmpty()) {
            request.header("Authorization", token);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body, String token) throws Exception {
        return send(
                request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)), token);
    }

    private String admin() {
        return "Bearer " + node.admin.text();
    }

    @Test
    void credentials_overTheApi_areMadeListedAndRevoked() throws Exception {
        HttpResponse<String> made = post(PATH, "{\"name\":\"pump-1\",\"note\":\"hall 2\"}", admin());
        assertThat(made.statusCode()).isEqualTo(200);
        assertThat(made.body()).contains("\"secret\":\"", "\"kind\":\"password\"", "hall 2");

        HttpResponse<String> list = send(request(PATH).GET(), admin());
        assertThat(list.body()).contains("pump-1", "hall 2").doesNotContain("secret", "sha256", "salt");

        HttpResponse<String> revoked = post(PATH + "/revoke", "{\"name\":\"pump-1\"}", admin());
        assertThat(revoked.body()).contains("\"revoked\":\"credential\"");
        HttpResponse<String> certificates = post(PATH + "/revoke", "{\"name\":\"urn:x/y\"}", admin());
        assertThat(certificates.body()).contains("\"revoked\":\"certificates\"");
        assertThat(send(request(PATH).GET(), admin()).body()).contains("\"credentials\":[]", "urn:x/y");
    }

    @Test
    void list_ofKeys_doesNotShowThem() throws Exception {
        String made =
                post(PATH, "{\"name\":\"mote-1\",\"kind\":\"psk\"}", admin()).body();
        String secret = made.replaceAll(".*\"secret\":\"([^\"]*)\".*", "$1");

        assertThat(send(request(PATH).GET(), admin()).body()).contains("psk").doesNotContain(secret);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer x", "Basic eDp4"})
    void everyOperation_withoutTheToken_isRefused(String token) throws Exception {
        HttpResponse<String> list = send(request(PATH).GET(), token);

        assertThat(list.statusCode()).isEqualTo(401);
        assertThat(list.headers().firstValue("WWW-Authenticate")).hasValue("Bearer realm=\"weir\"");
        assertThat(list.body()).contains("admin.token");
        assertThat(post(PATH, "{\"name\":\"pump-1\"}", token).statusCode()).isEqualTo(401);
        assertThat(post(PATH + "/revoke", "{\"name\":\"pump-1\"}", token).statusCode())
                .isEqualTo(401);
        assertThat(node.credentials.all()).isEmpty();
    }

    @Test
    void caller_fromAnotherMachine_isRefusedEvenWithTheToken() throws Exception {
        Caller outside = new Caller(Optional.of(InetAddress.ofLiteral("192.0.2.7")), Optional.of(node.admin.text()));

        assertThat(refusal(outside).status).isEqualTo(403);
        assertThat(refusal(new Caller(Optional.empty(), Optional.of(node.admin.text()))).status)
                .isEqualTo(403);
    }

    private ApiException refusal(Caller caller) {
        try {
            caller.mustBeAdmin(node.admin);
        } catch (ApiException e) {
            return e;
        }
        throw new AssertionError("was let through");
    }

    @Test
    void create_ofWhatCannotBe_saysWhy() throws Exception {
        assertThat(post(PATH, "{\"name\":\"a/b\"}", admin()).statusCode()).isEqualTo(400);
        assertThat(post(PATH, "{}", admin()).statusCode()).isEqualTo(400);
        assertThat(post(PATH, "{\"name\":7}", admin()).statusCode()).isEqualTo(400);
        assertThat(post(PATH, "{\"name\":\"a\",\"role\":\"x\"}", admin()).statusCode())
                .isEqualTo(400);
        assertThat(post(PATH, "{\"name\":\"a\",\"kind\":\"otp\"}", admin()).body())
                .contains("password or psk");
        assertThat(post(PATH, "{\"name\":\"operator\"}", admin()).statusCode()).isEqualTo(409);
        post(PATH, "{\"name\":\"pump-1\"}", admin());
        assertThat(post(PATH, "{\"name\":\"pump-1\"}", admin()).statusCode()).isEqualTo(409);
    }
}
