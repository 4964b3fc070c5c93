package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.config.HostPort;
import dev.weir.engine.config.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeConfigTest {
    private static final String VALID = """
            sources:
              in:
                mqtt:
                  listen: 1883
              silent: { mqtt: { listen: 0 } }
            pipelines:
              late: { from: w2, to: store }
              middle: { from: w1, stages: { window: { tumbling: 1m, as: w2, emit: { n: count() } } }, to: store }
              early:
                from: [in, silent]
                stages: { window: { tumbling: 1m, as: w1, emit: { n: count() } } }
                to: store
            api: { listen: 0 }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private NodeConfig load(String yaml) throws IOException {
        return load(Files.writeString(folder.resolve("node.yaml"), yaml));
    }

    private static NodeConfig load(Path file) {
        return NodeConfig.load(file, Map.of("HOSTNAME", "green house"), SampleShapes.file());
    }

    @ParameterizedTest
    @ValueSource(strings = {"greenhouse", "small", "blocks"})
    void load_withSample_findsNothing(String name) {
        NodeConfig config = load(Path.of("src/test/resources/samples", name + ".yaml"));

        assertThat(config.report().render()).isEmpty();
        assertThat(config.report().exitCode()).isZero();
        assertThat(config.root().complete()).isTrue();
    }

    @Test
    void load_withSample_givesTheValues() {
        NodeConfig config = load(Path.of("src/test/resources/samples/greenhouse.yaml"));

        assertThat(config.node()).isEqualTo("greenhouse-7");
        assertThat(config.data()).isEqualTo(Path.of("./target/greenhouse-7"));
        assertThat(config.memoryBytes()).isEqualTo(128L << 20);
        assertThat(config.sources()).containsOnlyKeys("devices", "motes");
        assertThat(of(config.sources(), "devices").section().address("listen"))
                .isEqualTo(new HostPort("127.0.0.1", 1883));
        assertThat(of(config.sources(), "devices").shared().text("lane")).isEqualTo("sample");
        assertThat(config.windows()).containsExactly(Map.entry("climate_10m", "climate"));
        assertThat(of(config.pipelines(), "climate").duration("timeout")).isEqualTo(Duration.ofSeconds(90));
        assertThat(config.root().group("store").duration("retain")).isEqualTo(Duration.ofDays(30));
    }

    @Test
    void load_withLeastFile_fillsInDefaults() throws IOException {
        NodeConfig config = load("sources: { in: mqtt }\npipelines: { p: { from: in, to: store } }\n");

        assertThat(config.node()).isEqualTo("green-house");
        assertThat(config.data()).isEqualTo(Path.of("data", "green-house"));
        assertThat(config.api()).isEqualTo(new HostPort("127.0.0.1", 8080));
        assertThat(config.root().group("logs").text("format")).isEqualTo("key-value");
        assertThat(of(config.sources(), "in").section().whole("max-packet")).isEqualTo(1 << 20);
    }

    @Test
    void pipelines_thatReadFromEachOther_comeUpstreamFirst() throws IOException {
        assertThat(load(VALID).pipelines().keySet()).containsExactly("early", "middle", "late");
    }

    @Test
    void load_withMistakeInOnePipeline_leavesTheOthersComplete() throws IOException {
        NodeConfig config = load(VALID.replace("from: w2, to: store", "from: w2, to: store, timeout: soon"));

        assertThat(of(config.pipelines(), "late").complete()).isFalse();
        assertThat(of(config.pipelines(), "early").complete()).isTrue();
        assertThat(config.root().complete()).isFalse();
    }

    @Test
    void couldNotOpen_withTakenPort_pointsAtListen() throws IOException {
        NodeConfig config = load(VALID);

        config.couldNotOpen("in", "127.0.0.1:1883 is in use by another program; stop it or choose another port");

        assertThat(config.report().render()).isEqualTo("""
                %s:4:15: error: sources.in: 127.0.0.1:1883 is in use by another program; stop it or choose another port
                          listen: 1883
                                  ^
                1 error, 0 warnings
                """.formatted(folder.resolve("node.yaml")));
        assertThat(config.report().exitCode()).isEqualTo(1);
    }

    @Test
    void couldNotOpenApi_withTakenPort_pointsAtListen() throws IOException {
        NodeConfig config = load(VALID);

        config.couldNotOpenApi("in use");

        assertThat(config.problems().all()).singleElement().satisfies(problem -> {
            assertThat(problem.location().line()).isEqualTo(13);
            assertThat(problem.location().column()).isEqualTo(16);
        });
    }

    @Test
    void load_withoutFile_saysSoAndExits2() {
        NodeConfig config = load(folder.resolve("absent.yaml"));

        assertThat(config.report().render())
                .isEqualTo(folder.resolve("absent.yaml") + ":1:1: error: there is no such file\n1 error, 0 warnings\n");
        assertThat(config.report().exitCode()).isEqualTo(2);
    }

    @Test
    void load_withFolder_saysSoAndExits2() {
        NodeConfig config = load(folder);

        assertThat(messages(config)).containsExactly("is a folder, not a file; name the YAML file in it");
        assertThat(config.report().exitCode()).isEqualTo(2);
    }

    @Test
    void load_withOtherEncoding_pointsAtTheByte() throws IOException {
        Path file = folder.resolve("latin1.yaml");
        Files.write(file, "node: a\n# grün\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(load(file).problems().all()).singleElement().satisfies(problem -> {
            assertThat(problem.message()).contains("UTF-8");
            assertThat(problem.location().line()).isEqualTo(2);
            assertThat(problem.location().column()).isEqualTo(5);
        });
    }

    @Test
    void load_withLargeFile_refusesIt() throws IOException {
        assertThat(messages(load("#".repeat((1 << 20) + 1))))
                .containsExactly("is larger than 1MiB, the limit for a configuration file");
    }

    @Test
    void load_withManyPipelinesInAChain_sortsThem() throws IOException {
        StringBuilder yaml = new StringBuilder("sources: { w0: mqtt }\npipelines:\n");
        for (int i = 2000; i > 0; i--) {
            yaml.append(
                    "  p%d: { from: w%d, stages: { window: { tumbling: 1m, as: w%d, emit: { n: n } } }, to: store }\n"
                            .formatted(i, i - 1, i));
        }

        NodeConfig config = load(yaml.toString());

        assertThat(messages(config)).isEmpty();
        assertThat(config.pipelines().keySet()).hasSize(2000).startsWith("p1", "p2");
    }

    private static <T> T of(Map<String, T> map, String name) {
        return Objects.requireNonNull(map.get(name));
    }

    private static List<String> messages(NodeConfig config) {
        return config.problems().all().stream().map(Problem::message).toList();
    }
}
