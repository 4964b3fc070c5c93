package dev.weir.node.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Meters;
import dev.weir.engine.access.Access;
import dev.weir.engine.access.Identity;
import dev.weir.engine.access.Identity.Verdict;
import dev.weir.engine.access.Login;
import dev.weir.engine.config.ConfigFile;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Yaml;
import dev.weir.node.access.Credential.Use;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeAccessIT {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final InetAddress OUTSIDE = InetAddress.ofLiteral("192.0.2.7");

    @TempDir
    Path folder;

    private NodeAccess node;
    private Access access;

    @BeforeEach
    void open() throws Exception {
        Problems problems = new Problems();
        String yaml = "users: { ann: { password: \"" + PasswordHash.make("right".getBytes(UTF_8)) + "\" } }\n"
                + "rules: [{ who: devices, may: publish, topics: \"d/%u\" }, { who: ann, may: publish, topics: \"#\" }]\n";
        Section section = Section.check(
                Yaml.parse(new ConfigFile("test.yaml", yaml), Map.of(), problems)
                        .orElseThrow(),
                AccessShape.of(),
                problems);
        node = NodeAccess.of(section, folder, Meters.none(), problems);
        node.load();
        access = node.at("devices", Optional.empty());
        assertThat(problems.all()).isEmpty();
    }

    private static Identity granted(Login login) {
        return switch (login) {
            case Login.Granted(Identity identity) -> identity;
            case Login.Refused(String reason) -> throw new AssertionError(reason);
        };
    }

    private Login password(String name, String password) throws InterruptedException {
        return access.password(name, password.getBytes(UTF_8), OUTSIDE);
    }

    @Test
    void password_ofAUser_letsInWithItsRules() throws Exception {
        Identity ann = granted(password("ann", "right"));

        assertThat(ann.name()).isEqualTo("ann");
        assertThat(ann.mayPublish("any/thing", "c")).isEqualTo(Verdict.ALLOWED);
        assertThat(ann.isRevoked()).isFalse();
        assertThat(password("ann", "wrong")).isEqualTo(new Login.Refused("wrong-password"));
        assertThat(password("bob", "right")).isEqualTo(new Login.Refused("unknown-user"));
        assertThat(password("ann", "")).isEqualTo(new Login.Refused("wrong-password"));
    }

    @Test
    void credential_worksAsPasswordAndAsToken_untilItIsRevoked() throws Exception {
        String secret = node.credentials().create("pump.1", Use.PASSWORD, "").secret();

        Identity byPassword = granted(password("pump.1", secret));
        Identity byToken = granted(access.token("pump.1." + secret, OUTSIDE));
        assertThat(byPassword.mayPublish("d/pump.1", "c")).isEqualTo(Verdict.ALLOWED);
        assertThat(byToken.mayPublish("d/pump.2", "c")).isEqualTo(Verdict.FORBIDDEN);
        assertThat(password("pump.1", "x")).isEqualTo(new Login.Refused("wrong-password"));
        assertThat(access.token("pump.1.x", OUTSIDE)).isEqualTo(new Login.Refused("wrong-password"));
        assertThat(access.token("x", OUTSIDE)).isEqualTo(new Login.Refused("unknown-user"));
        assertThat(access.preSharedKey("pump.1")).isEmpty();

        node.credentials().revoke("pump.1");
        node.credentials().create("pump.1", Use.PASSWORD, "");

        assertThat(byPassword.isRevoked()).isTrue();
        assertThat(byToken.isRevoked()).isTrue();
        assertThat(password("pump.1", secret)).isEqualTo(new Login.Refused("wrong-password"));
    }

    @Test
    void key_isForDtlsOnly_untilItIsRevoked() throws Exception {
        String secret = node.credentials().create("mote-1", Use.PSK, "").secret();

        Identity mote = granted(access.preShared("mote-1", OUTSIDE));
        assertThat(access.preSharedKey("mote-1"))
                .hasValueSatisfying(key -> assertThat(key).isEqualTo(secret.getBytes(UTF_8)));
        assertThat(password("mote-1", secret)).isEqualTo(new Login.Refused("wrong-password"));
        assertThat(access.token("mote-1." + secret, OUTSIDE)).isEqualTo(new Login.Refused("wrong-password"));

        node.credentials().revoke("mote-1");

        assertThat(mote.isRevoked()).isTrue();
        assertThat(access.preSharedKey("mote-1")).isEmpty();
        assertThat(access.preShared("mote-1", OUTSIDE)).isEqualTo(new Login.Refused("unknown-user"));
    }

    @Test
    void certificate_isLetIn_untilItsNameIsRevoked() throws Exception {
        Identity cam = granted(access.certified("cam", OUTSIDE));

        node.credentials().revoke("cam");

        assertThat(cam.isRevoked()).isTrue();
        assertThat(access.certified("cam", OUTSIDE)).isEqualTo(new Login.Refused("revoked"));
    }

    @Test
    void anonymous_byDefault_isForLoopback() {
        assertThat(granted(access.anonymous(HERE)).name()).isEqualTo("anonymous");
        assertThat(access.anonymous(OUTSIDE)).isEqualTo(new Login.Refused("anonymous"));
    }

    @Test
    void anonymous_ofASourceThatSaysOtherwise_isAsItSays() {
        Access never = node.at("a", Optional.of("never"));
        Access everywhere = node.at("b", Optional.of("everywhere"));

        assertThat(never.anonymous(HERE)).isEqualTo(new Login.Refused("anonymous"));
        assertThat(everywhere.anonymous(OUTSIDE)).isInstanceOf(Login.Granted.class);
    }
}
