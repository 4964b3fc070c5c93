package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SizeIT {
    @TempDir
    Path folder;

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void size_ofARunningNode_usesWhatItHasMeasured() throws Exception {
        int mqtt = freePort();
        String config = Files.writeString(
                        folder.resolve("node.yaml"), """
                        node: it
                        data: %s
                        sources:
                          devices: { mqtt: { listen: "127.0.0.1:%d" } }
                        pipelines:
                          climate: { from: devices, topic: "t/{device}", stages: [ filter: n > 0 ], workers: 1, to: [] }
                        api: { listen: "127.0.0.1:%d" }
                        """.formatted(folder.resolve("data"), mqtt, freePort()))
                .toString();
        StringBuilder readings = new StringBuilder("device,n\n");
        for (int i = 0; i < 20_000; i++) {
            readings.append("a,").append(i + 1).append('\n');
        }
        String csv = Files.writeString(folder.resolve("r.csv"), readings).toString();
        String[] send = {"send", csv, "--to", "mqtt://127.0.0.1:" + mqtt, "--topic", "t/{device}"};
        try (Weir node = Weir.start("run", config)) {
            node.await("Ctrl-C");
            try (Weir early = Weir.start("size", config, "--rate", "10/s")) {
                assertThat(early.exitCode()).isEqualTo(1);
                assertThat(early.output())
                        .contains("climate: the node has measured 0 service times, and 30 are the least");
            }
            try (Weir sender = Weir.start(send)) {
                assertThat(sender.exitCode()).isZero();
            }
            try (Weir size = Weir.start("size", config, "--rate", "10/s", "--most", "8")) {
                assertThat(size.exitCode()).isZero();
                assertThat(size.output())
                        .containsPattern(
                                "climate: 10\\.0/s, service time [\\d.]+ [µm]s, .*\\(\\d+ measured by the node\\)")
                        .contains("sweet spot");
            }
            try (Weir quiet = Weir.start("size", config, "--over", "100ms")) {
                assertThat(quiet.exitCode()).isEqualTo(1);
                assertThat(quiet.output()).contains("climate: nothing came in; say --rate");
            }
            node.signal("TERM");
            assertThat(node.exitCode()).isZero();
        }
    }
}
