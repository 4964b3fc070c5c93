package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.config.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExposureTest {
    @TempDir
    Path folder;

    private List<String> messages(String source, String more) throws IOException {
        Path file = Files.writeString(folder.resolve("node.yaml"), """
                node: t
                data: %s
                sources:
                  devices: { mqtt: { listen: "%s }
                pipelines:
                  climate: { from: [devices], topic: "t/{device}", to: [store] }
                %s""".formatted(folder.resolve("data"), source, more));
        NodeConfig config = NodePlan.load(file, Map.of());
        NodePlan.of(config);
        return config.problems().all().stream().map(Problem::message).toList();
    }

    @Test
    void check_ofADoorNobodyFromOutsideCanUse_warns() throws Exception {
        assertThat(messages("0.0.0.0:1883\" }", ""))
                .singleElement()
                .asString()
                .contains("sources.devices.mqtt", "0.0.0.0:1883", "nobody from outside can log in");
    }

    @Test
    void check_ofADoorThatIsOpenToAll_warns() throws Exception {
        assertThat(messages("0.0.0.0:1883\" }, anonymous: everywhere", ""))
                .singleElement()
                .asString()
                .contains("anonymous: everywhere");
    }

    @Test
    void check_ofADoorOnLoopback_isSilent() throws Exception {
        assertThat(messages("127.0.0.1:1883\" }", "")).isEmpty();
        assertThat(messages("localhost:1883\" }, anonymous: everywhere", "")).isEmpty();
    }

    @Test
    void check_ofADoorWithUsers_isSilent() throws Exception {
        assertThat(messages("0.0.0.0:1883\" }", """
                access:
                  users:
                    ann: { password: "$2b$10$abcdefghijklmnopqrstuuZ0xPSNnZo8ozWGKOWfV4GCtQ6T8.zWi" }
                """)).isEmpty();
    }

    @Test
    void check_withDamagedCredentials_isAnError() throws Exception {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/credentials.json"), "{");

        assertThat(messages("127.0.0.1:1883\" }", ""))
                .singleElement()
                .asString()
                .contains("credentials.json");
    }
}
