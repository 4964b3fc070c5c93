package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SizeCommandTest {
    @TempDir
    Path folder;

    private final Captured out = new Captured();
    private final Captured err = new Captured();
    private String node = "";

    @BeforeEach
    void config() throws IOException {
        node = file("node.yaml", """
                node: t
                data: %s
                sources:
                  devices: { mqtt: { listen: "127.0.0.1:1883" } }
                pipelines:
                  climate:
                    from: [devices]
                    topic: "t/{device}"
                    workers: 3
                    stages:
                      - filter: temperature > 1.0
                      - { filter: humidity > 1.0, workers: 2 }
                    to: [store]
                api: { listen: "127.0.0.1:1" }
                """.formatted(folder.resolve("data")));
    }

    private int size(String... arguments) {
        CommandLine line = Main.line(out.writer());
        line.setErr(err.writer());
        String[] all = new String[arguments.length + 2];
        all[0] = "size";
        all[1] = node;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return line.execute(all);
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void size_withRateAndServiceTime_printsTheTableOfEachSegment() {
        assertThat(size("--rate", "1000/s", "--service", "5ms", "--queue", "shared"))
                .isZero();
        assertThat(out.text())
                .contains("climate: 1,000/s, service time 5 ms, coefficient of variation 1.00 (as told)")
                .contains("climate.2: 1,000/s")
                .containsPattern("(?m)^ +3 +167 %  unstable: too much  now$")
                .containsPattern("(?m)^ +\\d+ +\\d+ % +[\\d.]+ ms +[\\d.]+ ms +[\\d.]+ ms  sweet spot")
                .contains("within 5 % of the best p99; now 3.")
                .doesNotContain("NaN", "Infinity");
    }

    @Test
    void size_ofWorkersThatFollowTheLoad_isOneQueueForAsManyAsThereMayBe() throws IOException {
        node = file("auto.yaml", Files.readString(Path.of(node)).replace("    workers: 3\n", "    workers: auto\n"));
        assertThat(size("--rate", "300/s", "--service", "5ms", "--json", "--pipeline", "climate"))
                .isZero();
        int most = Math.max(8, Runtime.getRuntime().availableProcessors());
        assertThat(out.text())
                .containsPattern(
                        "\"segment\":\"climate\",.*\"queue\":\"shared\".*\"segment\":\"climate.2\",.*\"queue\":\"device\"")
                .contains("{\"workers\":64,")
                .containsPattern("\"workers\":" + most + ",[^{]*}]},\\{\"segment\":\"climate.2\"");
    }

    @Test
    void size_withAQueueGiven_takesThatForWorkersThatFollowTheLoadToo() throws IOException {
        node = file("auto.yaml", Files.readString(Path.of(node)).replace("    workers: 3\n", "    workers: auto\n"));
        assertThat(size("--rate", "300/s", "--service", "5ms", "--queue", "device", "--json", "--pipeline", "climate"))
                .isZero();
        assertThat(out.text()).doesNotContain("\"queue\":\"shared\"");
    }

    @Test
    void size_ofTooMuch_saysThatNoNumberCanDoIt() {
        assertThat(size("--rate", "9000/s", "--service", "5ms", "--most", "8", "--pipeline", "climate.2"))
                .isZero();
        assertThat(out.text())
                .contains("up to 8 workers cannot do it")
                .contains("unstable")
                .doesNotContain("sweet spot", "climate: ");
    }

    @Test
    void size_withJson_hasRowsAndNullsWhereUnstable() {
        assertThat(size("--rate", "300/s", "--service", "5ms", "--json", "--most", "4"))
                .isZero();
        assertThat(out.text())
                .startsWith("[{\"segment\":\"climate\",\"workers\":3,\"rate\":300.0,\"serviceSeconds\":0.005,")
                .contains("\"queue\":\"device\"")
                .contains("{\"workers\":1,\"utilisation\":1.5,\"stable\":false,\"meanSeconds\":null,")
                .contains("{\"workers\":4,\"utilisation\":0.375,\"stable\":true,\"meanSeconds\":0.00");
    }

    @Test
    void size_withSamplesAndThroughput_fitsThem() throws IOException {
        String samples = file("samples", "# read\n3ms\n2500us\n\n0.004s\n3.1ms\n");
        String busy = file("busy", "1, 100\n2, 190\n4, 340\n8, 550\n16, 700\n");
        String svg = folder.resolve("a.svg").toString();
        assertThat(size(
                        "--rate",
                        "60/min",
                        "--samples",
                        samples,
                        "--fit",
                        busy,
                        "--svg",
                        svg,
                        "--pipeline",
                        "climate.2"))
                .isZero();
        assertThat(out.text())
                .containsPattern("fit of .*busy: sigma 0\\.0\\d+, kappa 0\\.0\\d+, one worker \\d+")
                .contains("climate.2: 1/s, service time 3.15 ms", "from " + samples);
        assertThat(Path.of(svg)).content().startsWith("<svg ").contains("workers of climate.2", "sweet spot");
    }

    @Test
    void size_ofFilesThatAreWrong_namesFileAndLine() throws IOException {
        String samples = file("samples", "3ms\n3 apples\n");
        assertThat(size("--rate", "1/s", "--samples", samples)).isEqualTo(1);
        assertThat(err.text()).contains("samples:2: expected a time such as 3ms");
        String busy = file("busy", "1, 100\n2, 190\n");
        assertThat(size("--rate", "1/s", "--service", "1ms", "--fit", busy)).isEqualTo(1);
        assertThat(err.text()).contains("busy: a fit needs throughput at three different numbers of workers");
    }

    @Test
    void size_whereNoNodeRuns_saysWhatToDo() {
        assertThat(size()).isEqualTo(1);
        assertThat(err.text())
                .contains(
                        "no node answers at http://127.0.0.1:1: start it with this file, or say --rate and --service");
    }

    @ParameterizedTest
    @CsvSource({
        "--rate=5, expected a rate above 0",
        "--rate=0/s, expected a rate above 0",
        "--service=5, expected a time such as",
        "--service=0ms, must be above 0",
        "--cv=-1, --cv must be between 0 and 10",
        "--most=0, --most must be between 1 and 1024",
        "--queue=both, --queue must be device or shared",
        "--devices=0, --devices must be between 1",
        "--sigma=2, --sigma must be between 0 and 1",
        "--pipeline=other, there is no pipeline 'other'; there are: climate",
        "--svg=x.svg, say which with --pipeline"
    })
    void size_withWrongOption_saysWhatIsExpected(String option, String message) {
        assertThat(size(option)).isEqualTo(2);
        assertThat(err.text()).contains(message);
    }

    @Test
    void size_ofBadConfig_printsItsMistakes() throws IOException {
        node = file("bad.yaml", "node: t\npipelines:\n  climate: { from: [x], topic: 't/{device}', to: [store] }\n");
        assertThat(size("--rate", "1/s", "--service", "1ms")).isEqualTo(1);
        assertThat(out.text()).contains("bad.yaml:3:");
        node = folder.resolve("none.yaml").toString();
        assertThat(size("--rate", "1/s", "--service", "1ms")).isEqualTo(2);
        assertThat(out.text()).contains("there is no such file");
    }
}
