package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.node.Node;
import dev.weir.node.NodeConfig;
import dev.weir.node.NodePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(120)
class CredentialsIT {
    @TempDir
    Path folder;

    private Path config;
    private String said = "";

    @BeforeEach
    void write() throws IOException {
        config = NodeFile.write(folder);
    }

    private int weir(String... arguments) {
        Captured out = new Captured();
        Captured err = new Captured();
        CommandLine line = Main.line(out.writer());
        line.setErr(err.writer());
        int code = line.execute(arguments);
        said = out.text() + err.text();
        return code;
    }

    private void makeListRevoke() {
        assertThat(weir("credentials", "create", config.toString(), "pump-1", "--note", "hall 2"))
                .isZero();
        assertThat(said).contains("name:   pump-1", "secret: ", "token:  pump-1.");
        assertThat(weir("credentials", "create", config.toString(), "mote-1", "--psk", "--json"))
                .isZero();
        assertThat(said).startsWith("{").contains("\"kind\":\"psk\"", "\"secret\":\"");
        assertThat(weir("credentials", "create", config.toString(), "pump-1")).isEqualTo(1);
        assertThat(said).contains("revoke it first");
        assertThat(weir("credentials", "create", config.toString(), "ann")).isEqualTo(1);
        assertThat(said).contains("user of the config");

        assertThat(weir("credentials", "list", config.toString())).isZero();
        assertThat(said).contains("pump-1  password", "hall 2", "mote-1  psk");
        assertThat(weir("credentials", "revoke", config.toString(), "pump-1")).isZero();
        assertThat(said).contains("the credential of pump-1 is revoked");
        assertThat(weir("credentials", "revoke", config.toString(), "cam")).isZero();
        assertThat(said).contains("certificates of that name");
        assertThat(weir("credentials", "list", config.toString(), "--json")).isZero();
        assertThat(said).contains("\"mote-1\"", "\"cam\"").doesNotContain("pump-1", "secret");
    }

    @Test
    void credentials_ofANodeThatDoesNotRun_changeItsFile() throws Exception {
        makeListRevoke();

        assertThat(Files.readString(folder.resolve("data/credentials.json")))
                .contains("mote-1", "cam")
                .doesNotContain("pump-1");
    }

    @Test
    void credentials_ofARunningNode_goThroughItsApi() throws Exception {
        NodeConfig loaded = NodePlan.load(config, Map.of());
        Node node = Node.open(NodePlan.of(loaded));
        try {
            makeListRevoke();
        } finally {
            node.close(Duration.ofSeconds(2));
        }
    }

    @Test
    void credentials_ofABadConfig_showItsMistakes() throws Exception {
        Files.writeString(config, "sources: {}\n");

        assertThat(weir("credentials", "list", config.toString())).isEqualTo(1);
        assertThat(said).contains("pipelines");
    }

    @Test
    void credentials_withoutAWord_isWrongUsage() {
        assertThat(weir("credentials")).isEqualTo(2);
        assertThat(said).contains("create, list or revoke");
    }

    @Test
    void password_fromStandardInput_printsAHash() throws Exception {
        try (Weir process = Weir.start("password")) {
            process.input("correct horse\n");
            assertThat(process.exitCode()).isZero();
            assertThat(process.output()).startsWith("$2b$10$").hasLineCount(1);
        }
    }

    @Test
    void password_ofNothing_isRefused() throws Exception {
        try (Weir process = Weir.start("password")) {
            process.input("");
            assertThat(process.exitCode()).isEqualTo(1);
            assertThat(process.output()).contains("1 to 72 bytes");
        }
    }
}
