package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.node.Node;
import dev.weir.node.NodePlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(120)
class DoctorIT {
    @TempDir
    Path folder;

    private Path config;
    private Path zip;
    private String said = "";

    @BeforeEach
    void write() throws IOException {
        zip = folder.resolve("out.zip");
        config = NodeFile.write(folder);
    }

    private int doctor(String... more) {
        Captured out = new Captured();
        CommandLine line = Main.line(out.writer());
        line.setErr(out.writer());
        String[] all = new String[more.length + 4];
        all[0] = "doctor";
        all[1] = config.toString();
        all[2] = "-o";
        all[3] = zip.toString();
        System.arraycopy(more, 0, all, 4, more.length);
        int code = line.execute(all);
        said = out.text();
        return code;
    }

    private Map<String, String> found() throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (ZipFile file = new ZipFile(zip.toFile())) {
            for (ZipEntry entry : file.stream().toList()) {
                found.put(
                        entry.getName(), new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return found;
    }

    @Test
    void doctor_ofARunningNode_collectsItsState() throws Exception {
        Node node = Node.open(NodePlan.of(NodePlan.load(config, Map.of())));
        String token = Files.readString(folder.resolve("data/admin.token")).strip();
        try {
            assertThat(doctor("--profile", "1")).isZero();
        } finally {
            node.close(Duration.ofSeconds(5));
        }
        Map<String, String> found = found();
        assertThat(found)
                .containsKeys(
                        "about.txt",
                        "check.txt",
                        "metrics.txt",
                        "heap.txt",
                        "profile-cpu.pb.gz",
                        "machine/proc/meminfo.txt");
        assertThat(found.get("node.json")).contains("\"node\":\"it\"");
        assertThat(found.get("data-folder.txt")).contains("admin.token");
        assertThat(found.get("config.yaml")).contains("topic:").contains("left out");
        assertThat(found.values()).noneMatch(text -> text.contains("$2b$10$") || text.contains(token));
        assertThat(said).contains("out.zip");
    }

    @Test
    void doctor_ofANodeThatDoesNotRun_collectsTheRest() throws Exception {
        assertThat(doctor()).isZero();
        assertThat(found())
                .containsKeys("about.txt", "config.yaml", "check.txt")
                .doesNotContainKey("node.json");
        assertThat(found().get("missing.txt")).contains("node.json");
    }

    @Test
    void doctor_ofAConfigWithMistakes_saysThemInTheFile() throws Exception {
        Files.writeString(config, Files.readString(config).replace("to: [store]", "to: [nowhere]"));
        assertThat(doctor()).isZero();
        assertThat(found().get("check.txt")).contains("error").contains("nowhere");
    }

    @Test
    void doctor_whenTheFileIsThere_doesNotOverwriteIt() throws Exception {
        Files.writeString(zip, "mine");
        assertThat(doctor()).isEqualTo(1);
        assertThat(Files.readString(zip)).isEqualTo("mine");
    }
}
