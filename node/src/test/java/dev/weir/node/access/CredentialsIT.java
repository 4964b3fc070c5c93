package dev.weir.node.access;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.node.access.Credential.Made;
import dev.weir.node.access.Credential.Use;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsIT {
    @TempDir
    Path folder;

    private Credentials opened() throws IOException {
        Credentials credentials = new Credentials(folder, Set.of("operator"), InstantSource.system());
        credentials.load();
        return credentials;
    }

    @Test
    void create_ofAPassword_survivesARestartWithoutItsSecretOnTheDisk() throws Exception {
        Made made = opened().create("pump-1", Use.PASSWORD, "hall \"2\"");

        String file = Files.readString(folder.resolve("credentials.json"));
        Credential again = opened().find("pump-1").orElseThrow();
        assertThat(again).isEqualTo(made.credential());
        assertThat(again.note()).isEqualTo("hall \"2\"");
        assertThat(again.isSecret(made.secret().getBytes(US_ASCII))).isTrue();
        assertThat(again.isSecret((made.secret() + "x").getBytes(US_ASCII))).isFalse();
        assertThat(again.isSecret(new byte[0])).isFalse();
        assertThat(made.secret()).hasSizeGreaterThanOrEqualTo(27);
        assertThat(file).contains("pump-1").doesNotContain(made.secret());
        assertThat(made.toString()).doesNotContain(made.secret());
    }

    @Test
    void create_ofAKey_isNoPassword() throws Exception {
        Made made = opened().create("mote-1", Use.PSK, "");

        Credential again = opened().find("mote-1").orElseThrow();
        assertThat(again.key()).isEqualTo(made.secret().getBytes(US_ASCII));
        assertThat(again.isSecret(made.secret().getBytes(US_ASCII))).isFalse();
        assertThat(again.toString()).doesNotContain(made.secret());
    }

    @Test
    void create_ofTheFile_isForThisUserOnly() throws Exception {
        opened().create("pump-1", Use.PASSWORD, "");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("credentials.json"))))
                .isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a+", "#", "-a", "a b", "a\nb", "everyone", "devices", "a:b", "ü"})
    void create_withAName_thatIsNone_refuses(String name) throws Exception {
        assertThatThrownBy(() -> opened().create(name, Use.PASSWORD, ""))
                .isInstanceOfSatisfying(
                        CredentialException.class,
                        e -> assertThat(e.isConflict()).isFalse());
    }

    @Test
    void create_withANameThatIsTaken_saysByWhat() throws Exception {
        Credentials credentials = opened();
        credentials.create("pump-1", Use.PASSWORD, "");

        assertThatThrownBy(() -> credentials.create("pump-1", Use.PASSWORD, ""))
                .hasMessageContaining("revoke it first");
        assertThatThrownBy(() -> credentials.create("operator", Use.PASSWORD, ""))
                .hasMessageContaining("user of the config");
    }

    @Test
    void revoke_ofACredential_isForGood_evenIfTheNameIsUsedAgain() throws Exception {
        Credentials credentials = opened();
        Credential old = credentials.create("pump-1", Use.PASSWORD, "").credential();
        assertThat(credentials.isCurrent(old)).isTrue();

        assertThat(credentials.revoke("pump-1")).isTrue();
        assertThat(credentials.isCurrent(old)).isFalse();
        credentials.create("pump-1", Use.PASSWORD, "");

        assertThat(credentials.isCurrent(old)).isFalse();
        assertThat(opened().all()).hasSize(1);
    }

    @Test
    void revoke_ofANameWithoutCredential_keepsItOnTheList() throws Exception {
        assertThat(opened().revoke("urn:plant/7")).isFalse();

        assertThat(opened().isRevoked("urn:plant/7")).isTrue();
        assertThat(opened().isRevoked("urn:plant/8")).isFalse();
    }

    /// As a crash leaves it between writing the new file and giving it its name.
    @Test
    void load_afterACrashWhileWriting_hasTheOldOnes_andTheNextChangeWorks() throws Exception {
        opened().create("pump-1", Use.PASSWORD, "");
        Files.writeString(folder.resolve("credentials.json.new"), "{\"version\":1,\"creden");

        Credentials after = opened();
        assertThat(after.all()).extracting(Credential::name).containsExactly("pump-1");
        after.create("pump-2", Use.PASSWORD, "");

        assertThat(opened().all()).extracting(Credential::name).containsExactly("pump-1", "pump-2");
        assertThat(folder.resolve("credentials.json.new")).doesNotExist();
    }

    @Test
    void create_whenTheDiskDoesNotTakeIt_changesNothing() throws Exception {
        Credentials credentials = opened();
        credentials.create("pump-1", Use.PASSWORD, "");
        // A folder with something in it cannot be replaced by a file.
        Files.createDirectories(folder.resolve("credentials.json.new/in-the-way"));

        assertThatThrownBy(() -> credentials.create("pump-2", Use.PASSWORD, "")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> credentials.revoke("pump-1")).isInstanceOf(IOException.class);

        assertThat(credentials.all()).extracting(Credential::name).containsExactly("pump-1");
        assertThat(opened().all()).extracting(Credential::name).containsExactly("pump-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"version\":2}",
                "{\"version\":1,\"roles\":[]}",
                "{\"version\":1,\"credentials\":[{\"name\":\"a\"}]}",
                "{\"version\":1,\"credentials\":[{\"name\":\"a\",\"kind\":\"x\",\"created\":\"now\"}]}",
                "{\"version\":1,\"credentials\":["
            })
    void load_ofADamagedFile_saysWhichAndWhatToDo(String text) throws Exception {
        Files.writeString(folder.resolve("credentials.json"), text);

        assertThatThrownBy(this::opened)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("credentials.json")
                .hasMessageContaining("restore it from a backup");
    }

    @Test
    void adminToken_isMadeOnceAndKept_forThisUserOnly() throws Exception {
        AdminToken made = AdminToken.open(folder);

        assertThat(AdminToken.open(folder).is(made.text())).isTrue();
        assertThat(made.text()).hasSize(64);
        assertThat(made.is(made.text().substring(1))).isFalse();
        assertThat(made.is("")).isFalse();
        assertThat(made.toString()).doesNotContain(made.text());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("admin.token"))))
                .isEqualTo("rw-------");
    }

    @Test
    void adminToken_thatIsDamaged_isNotUsed() throws Exception {
        Files.writeString(folder.resolve("admin.token"), "\n");

        assertThatThrownBy(() -> AdminToken.open(folder)).hasMessageContaining("admin.token");
    }
}
