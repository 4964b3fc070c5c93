package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SizeIT {
    @TempDir
    Path folder;

    private final Captured out = new Captured();
    private final Captured err = new Captured();

    private int weir(String... arguments) {
        CommandLine line = Main.line(out.writer());
        line.setErr(err.writer());
        return line.execute(arguments);
    }

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
        try (Weir node = Weir.start("run", config)) {
            node.await("Ctrl-C");
            assertThat(weir("size", config, "--rate", "10/s")).isEqualTo(1);
            assertThat(err.text()).contains("climate: the node has measured 0 service times, and 30 are the least");
            assertThat(weir("send", csv, "--to", "mqtt://127.0.0.1:" + mqtt, "--topic", "t/{device}"))
                    .isZero();
            try (Weir size = Weir.start("size", config, "--rate", "10/s", "--most", "8")) {
                assertThat(size.exitCode()).isZero();
                assertThat(size.output())
                        .containsPattern("climate: 10/s, service time [\\d.]+ [µm]s, .*\\(\\d+ measured by the node\\)")
                        .contains("sweet spot");
            }
            assertThat(weir("size", config, "--over", "100ms")).isEqualTo(1);
            assertThat(err.text()).contains("climate: nothing came in; say --rate");
            node.signal("TERM");
            assertThat(node.exitCode()).isZero();
        }
    }
}
