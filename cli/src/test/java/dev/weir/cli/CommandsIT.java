package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandsIT {
    private static final String TOPIC = "t/{device}";
    private static final String CSV = "ts,device,temperature\n2026-01-01T00:00:00Z,a,20\n2026-01-01T00:00:01Z,b,31.5\n";

    @TempDir
    Path folder;

    private final Captured out = new Captured();
    private final Captured err = new Captured();
    private int mqtt;
    private int coap;
    private int http;

    private int weir(String... arguments) {
        CommandLine line = Main.line(out.writer());
        line.setErr(err.writer());
        return line.execute(arguments);
    }

    private Path config(String name) throws IOException {
        try (ServerSocket a = new ServerSocket(0);
                ServerSocket b = new ServerSocket(0);
                DatagramSocket c = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            mqtt = a.getLocalPort();
            http = b.getLocalPort();
            coap = c.getLocalPort();
        }
        return Files.writeString(folder.resolve(name), """
                node: it
                data: %s
                sources:
                  devices: { mqtt: { listen: "127.0.0.1:%d" } }
                  motes: { coap: { listen: "127.0.0.1:%d" } }
                pipelines:
                  climate:
                    from: [devices, motes]
                    topic: t/{device}
                    decode: { json: { time: ts } }
                    to: [store]
                rules:
                  hot:
                    on: climate
                    when: temperature > 30.0
                    do:
                      - publish: { topic: "fan/{device}", payload: "on" }
                      - raise: { severity: high, text: "{device} is hot" }
                api: { listen: "127.0.0.1:%d" }
                """.formatted(folder.resolve("data"), mqtt, coap, http));
    }

    private Weir node() throws IOException, InterruptedException {
        Weir node = Weir.start("run", config("node.yaml").toString());
        node.await("Ctrl-C");
        return node;
    }

    private String to(boolean overMqtt) {
        return overMqtt ? "mqtt://127.0.0.1:" + mqtt : "coap://127.0.0.1:" + coap;
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void run_withSenders_countsAllOfThemAndEndsWithZero() throws Exception {
        try (Weir node = node()) {
            assertThat(node.output()).contains("node it is up: http://127.0.0.1:" + http + "/", "mqtt on", "coap on");
            String csv = file("r.csv", CSV);
            String json =
                    file("r.jsonl", "{\"device\":\"c\",\"temperature\":1}\n{\"device\":\"d\",\"temperature\":2}\n");
            for (boolean overMqtt : new boolean[] {true, false}) {
                assertThat(weir("send", csv, "--to", to(overMqtt), "--topic", TOPIC))
                        .isZero();
                assertThat(weir("send", json, "--to", to(overMqtt), "--topic", TOPIC))
                        .isZero();
                assertThat(weir("send", csv, "--to", to(overMqtt), "--topic", TOPIC, "--time", "ts", "--speed", "100"))
                        .isZero();
            }
            assertThat(out.text().lines().filter(line -> line.contains("sent 2 readings")))
                    .hasSize(6);
            try (Weir sender = Weir.start("send", "-", "--to", to(true), "--topic", TOPIC)) {
                sender.input(CSV);
                assertThat(sender.exitCode()).isZero();
            }
            node.signal("TERM");
            assertThat(node.exitCode()).isZero();
            assertThat(node.output())
                    .contains("accepted 14 = completed 14", "it balances")
                    .doesNotContain("rror");
        }
    }

    @Test
    void send_withColumnMissing_stopsThereAndSaysHowManyWereSent() throws Exception {
        try (Weir _ = node()) {
            String csv = file("r.csv", CSV + "2026-01-01T00:00:02Z,c\n");
            assertThat(weir("send", csv, "--to", to(true), "--topic", TOPIC)).isEqualTo(1);
            assertThat(err.text()).contains("r.csv:4: 2 values where the header has 3 columns (2 sent before)");
            assertThat(weir("send", csv, "--to", to(true), "--topic", "t/{place}"))
                    .isEqualTo(1);
            assertThat(err.text()).contains("needs a column 'place'; there are [ts, device, temperature]");
        }
    }

    @Test
    void send_whereNothingListens_namesTheAddress() throws Exception {
        config("unused.yaml");
        assertThat(weir("send", file("r.csv", CSV), "--to", to(true), "--topic", TOPIC))
                .isEqualTo(1);
        assertThat(err.text()).contains("nothing listens at 127.0.0.1:" + mqtt);
    }

    @Test
    void send_toAServerThatCloses_saysSo() throws Exception {
        try (ServerSocket server = new ServerSocket(0)) {
            Thread.ofVirtual().start(() -> {
                try {
                    server.accept().close();
                } catch (IOException e) {
                    // the test is over
                }
            });
            String url = "mqtt://127.0.0.1:" + server.getLocalPort();
            assertThat(weir("send", file("r.csv", CSV), "--to", url, "--topic", TOPIC))
                    .isEqualTo(1);
        }
        assertThat(err.text()).startsWith("weir: ").hasLineCount(1);
    }

    @Test
    void send_overCoapToNobody_saysHowOftenItTried() throws Exception {
        config("unused.yaml");
        InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), coap);
        try (CoapSender sender = new CoapSender(nobody, Duration.ofMillis(50))) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> sender.send("t/a", new byte[0]))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(coap + " did not answer (sent 3 times)");
        }
    }

    @Test
    void tail_ofANode_printsReadingsAlarmsAndCommandsUntilItStops() throws Exception {
        try (Weir node = node();
                Weir tail = Weir.start("tail", "--url", "http://127.0.0.1:" + http);
                Weir gone = Weir.start("tail", "--json", "--url", "http://127.0.0.1:" + http)) {
            String csv = file("r.csv", CSV);
            // Again and again until both follow: when they do cannot be seen from outside.
            while (!(tail.output().contains(" a ") && gone.output().contains("\"a\""))) {
                assertThat(weir("send", csv, "--to", to(true), "--topic", TOPIC))
                        .isZero();
            }
            gone.signal("INT");
            gone.exitCode();
            assertThat(weir("send", file("s.csv", CSV.replace(",b,", ",z,")), "--to", to(true), "--topic", TOPIC))
                    .isZero();
            while (!(tail.output().contains("ALARM") && tail.output().contains("command"))) {
                tail.await(" z ");
            }
            node.signal("INT");
            assertThat(node.exitCode()).isZero();
            assertThat(tail.exitCode()).isEqualTo(1);
            assertThat(tail.output())
                    .contains("reading  2026-01-01T00:00:00Z  climate         a             temperature=20")
                    .contains("ALARM    2026-01-01T00:00:01Z  hot             z             high: z is hot")
                    .contains("hot             z             fan/z on  done")
                    .contains("the node has stopped");
            assertThat(node.output()).doesNotContain("level=error");
        }
    }

    @Test
    void run_withPortTaken_pointsIntoTheConfig() throws Exception {
        Path config = config("node.yaml");
        try (ServerSocket taken = new ServerSocket(mqtt, 1, InetAddress.getLoopbackAddress());
                Weir node = Weir.start("run", config.toString())) {
            assertThat(node.exitCode()).isEqualTo(1);
            assertThat(node.output()).contains("node.yaml:4:").contains(String.valueOf(taken.getLocalPort()));
        }
    }

    @Test
    void run_onAFolderInUse_isRefused() throws Exception {
        try (Weir first = node();
                Weir second = Weir.start("run", config("second.yaml").toString())) {
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.output()).contains(folder.resolve("data").toString());
            first.signal("INT");
            assertThat(first.exitCode()).isZero();
        }
    }

    @Test
    void demo_once_printsTheKnownTotals() throws Exception {
        try (Weir demo = Weir.start("demo", "--once")) {
            assertThat(demo.exitCode()).isZero();
            assertThat(demo.output())
                    .containsPattern("readings +18,914\n")
                    .containsPattern("windows +159\n")
                    .containsPattern("alarms +7\n")
                    .contains("it balances");
        }
    }

    @Test
    void demo_withCtrlC_printsTheLedgerAndEndsWithZero() throws Exception {
        try (Weir demo = Weir.start("demo")) {
            String store = demo.await("sqlite3").replaceFirst(".*sqlite3 (\\S+)/data/.*", "$1");
            demo.await("mote-4");
            demo.await("mote-1");
            assertThat(Path.of(store)).exists();
            demo.signal("INT");
            assertThat(demo.exitCode()).isZero();
            assertThat(demo.output())
                    .contains("stopping", "ledger", "it balances")
                    .doesNotContain("level=");
            assertThat(Path.of(store)).doesNotExist();
        }
    }

    @Test
    void generateCompletion_inBash_completesCommandsAndOptions() throws Exception {
        assertThat(weir("generate-completion")).isZero();
        String script = file("c.sh", out.text());
        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "source " + script + "; COMP_WORDS=(weir se); COMP_CWORD=1; _complete_weir;"
                                + " echo \"${COMPREPLY[@]}\"; COMP_WORDS=(weir send --to); COMP_CWORD=2;"
                                + " _complete_weir; echo \"${COMPREPLY[@]}\"")
                .start();
        try (var lines = bash.inputReader()) {
            assertThat(lines.readAllLines()).containsExactly("send", "--to --topic");
        }
    }
}
