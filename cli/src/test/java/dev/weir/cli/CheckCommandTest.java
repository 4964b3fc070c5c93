package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CheckCommandTest {
    @TempDir
    Path folder;

    private final Captured out = new Captured();
    private final Captured err = new Captured();

    private int check(String... arguments) {
        CommandLine line = Main.line(out.writer());
        line.setErr(err.writer());
        String[] all = new String[arguments.length + 1];
        all[0] = "check";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return line.execute(all);
    }

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("node.yaml"), text.replace("DATA", folder.toString()))
                .toString();
    }

    @Test
    void check_ofGoodConfig_printsThePlanAndItsMemory() throws IOException {
        assertThat(check(file("""
                node: t
                data: DATA/data
                sources:
                  devices: { mqtt: { listen: "127.0.0.1:1883" } }
                pipelines:
                  climate: { from: [devices], topic: "t/{device}", to: [store] }
                """))).isZero();
        assertThat(out.text()).contains("climate").contains("MiB");
    }

    @Test
    void check_ofBadConfig_printsEveryMistakeWithItsPlace() throws IOException {
        assertThat(check(file("""
                node: t
                sources:
                  devices: { mqtt: { listn: "127.0.0.1:1883" } }
                pipelines:
                  climate: { from: [devices], topic: "t/{device}", to: [stor] }
                """))).isEqualTo(1);
        assertThat(out.text())
                .contains("node.yaml:3:")
                .contains("node.yaml:5:")
                .contains("listen")
                .contains("store");
    }

    @Test
    void check_ofMissingFile_isExitCodeTwo() {
        assertThat(check(folder.resolve("none.yaml").toString())).isEqualTo(2);
        assertThat(out.text()).contains("there is no such file");
    }

    @Test
    void check_withoutFile_isWrongUsage() {
        assertThat(check()).isEqualTo(2);
        assertThat(err.text()).contains("FILE is missing");
    }

    @Test
    void check_withSchema_printsAJsonSchema() {
        assertThat(check("--schema")).isZero();
        assertThat(out.text()).startsWith("{").contains("\"$schema\"").contains("pipelines");
    }

    @Test
    void check_withReference_printsMarkdown() {
        assertThat(check("--reference")).isZero();
        assertThat(out.text()).contains("pipelines").contains("| ");
    }
}
