package dev.weir.connect.coap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.connect.coap.Scripted.Taken;
import dev.weir.engine.Receipt;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.Tool;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The plain port as libcoap's client sees it, with the decoders of a pipeline behind it.
@Timeout(60)
class LibcoapIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private static Tool client() {
        return Tool.require("coap-client-notls", "libcoap3-bin");
    }

    /// Runs the client with all messages shown.
    private static String run(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("-v", "7", "-B", "10"));
        all.addAll(List.of(arguments));
        return client().run(PATIENCE, all.toArray(String[]::new)).output();
    }

    private String file(byte[] content) throws Exception {
        return Files.write(folder.resolve("payload"), content).toString();
    }

    @Test
    void post_confirmable_isAnsweredOnItsAcknowledgement() throws Exception {
        try (Scripted node = new Scripted()) {
            assertThat(run("-m", "post", "-t", "0", "-e", "21.5", node.uri("motes/m1")))
                    .containsPattern("t:ACK c:2\\.04");
            assertThat(node.next()).isEqualTo(new Taken("motes/m1", "21.5", "text/plain"));
        }
    }

    @Test
    void post_nonConfirmable_isTakenAndAnsweredNonConfirmable() throws Exception {
        try (Scripted node = new Scripted()) {
            assertThat(run("-N", "-m", "post", "-e", "21.5", node.uri("motes/m1")))
                    .containsPattern("t:NON c:2\\.04");
            assertThat(node.next().address()).isEqualTo("motes/m1");
        }
    }

    @Test
    void post_ofSenmlJson_isDecoded() throws Exception {
        try (Scripted node = new Scripted()) {
            node.decodes("senml-json");
            String pack = "[{\"bn\":\"urn:dev:ow:10e2073a01080063:\",\"bt\":1600000000,\"n\":\"temperature\","
                    + "\"u\":\"Cel\",\"v\":21.5},{\"n\":\"humidity\",\"u\":\"%RH\",\"v\":40}]";
            String output = run(
                    "-m", "post", "-t", "110", "-f", file(pack.getBytes(StandardCharsets.UTF_8)), node.uri("motes"));
            assertThat(output).contains("2.04");
            assertThat(node.decoded)
                    .containsExactly("urn:dev:ow:10e2073a01080063@2020-09-13T12:26:40Z"
                            + " {\"temperature\":21.5,\"humidity\":40.0}");
        }
    }

    @Test
    void post_ofSenmlCbor_isDecoded() throws Exception {
        try (Scripted node = new Scripted()) {
            node.decodes("senml-cbor");
            // [{-2: "m1", -3: 1600000000, 0: "temperature", 2: 21.5}, {0: "on", 4: true}]
            byte[] pack =
                    HexFormat.of().parseHex("82a421626d31221a5f5e1000006b74656d706572617475726502f94d60a200626f6e04f5");
            String output = run("-m", "post", "-t", "112", "-f", file(pack), node.uri("motes"));
            assertThat(output).contains("2.04");
            assertThat(node.decoded).containsExactly("m1@2020-09-13T12:26:40Z {\"temperature\":21.5,\"on\":true}");
        }
    }

    @Test
    void post_ofWhatThePipelineDoesNotRead_isRefusedByCode() throws Exception {
        try (Scripted node = new Scripted()) {
            node.decodes("senml-cbor");
            assertThat(run("-m", "post", "-t", "110", "-e", "[]", node.uri("motes")))
                    .contains("4.15")
                    .contains("decode: senml-cbor");
            assertThat(run("-m", "post", "-t", "112", "-e", "nonsense", node.uri("motes")))
                    .contains("4.00")
                    .contains("malformed");
        }
    }

    @Test
    void post_toAPathThatNoPipelineWants_isNotFound() throws Exception {
        try (Scripted node = new Scripted()) {
            node.answer = Receipt.UNMATCHED;
            assertThat(run("-m", "post", "-e", "1", node.uri("elsewhere"))).contains("4.04");
        }
    }

    @Test
    void put_inBlocksOf64_isPutTogether() throws Exception {
        try (Scripted node = new Scripted()) {
            String payload = "0123456789".repeat(300);
            String output = run(
                    "-m",
                    "put",
                    "-b",
                    "64",
                    "-f",
                    file(payload.getBytes(StandardCharsets.UTF_8)),
                    node.uri("motes/m1"));
            assertThat(output).contains("2.31").contains("2.04").contains("Block1:46/_/64");
            assertThat(node.next().payload()).isEqualTo(payload);
            assertThat(node.taken).isEmpty();
        }
    }

    @Test
    void put_inBlocksOfMoreThanTheLimit_isRefused() throws Exception {
        SourceOptions small = Scripted.options(1000, 8, 16, 4, Duration.ofSeconds(1), Duration.ofSeconds(5));
        try (Scripted node = new Scripted(small)) {
            assertThat(run("-m", "put", "-b", "64", "-f", file(new byte[3000]), node.uri("motes/m1")))
                    .contains("4.13");
            assertThat(node.taken).isEmpty();
        }
    }

    @Test
    void put_withLostDatagrams_isTakenOnce() throws Exception {
        try (Scripted node = new Scripted()) {
            // The client loses its first and third datagram, and sends again.
            String output = run("-l", "1,3", "-m", "put", "-b", "512", "-f", file(new byte[1200]), node.uri("m1"));
            assertThat(output).contains("2.04");
            assertThat(node.next().payload()).hasSize(1200);
            assertThat(node.taken).isEmpty();
        }
    }

    @Test
    void get_ofALargeValue_comesInBlocksWithTheirEntityTag() throws Exception {
        try (Scripted node = new Scripted()) {
            node.text("m1", "x".repeat(3000));
            Path out = folder.resolve("out");
            String output = run("-o", out.toString(), node.uri("latest/climate/m1"));
            assertThat(Files.readString(out)).contains("x".repeat(3000));
            assertThat(output).contains("Block2:0/M/256").contains("ETag:0x");
        }
    }

    @Test
    void get_ofTheListOfManyDevices_comesInBlocksAndEndsAtItsLimit() throws Exception {
        try (Scripted node = new Scripted()) {
            for (int i = 0; i < 2 * Discovery.MAX_LINKS; i++) {
                node.latest("device-" + i, i);
            }
            Path out = folder.resolve("out");
            run("-o", out.toString(), node.uri(".well-known/core"));
            assertThat(Files.readString(out).split(",<")).hasSize(Discovery.MAX_LINKS + 1);
            assertThat(Files.size(out)).isLessThan(Discovery.MAX_BYTES);
        }
    }

    @Test
    void observe_ofALargeValue_getsEachChangeWhole() throws Exception {
        try (Scripted node = new Scripted()) {
            node.text("m1", "a".repeat(1000));
            Process process = client().start("-s", "30", node.uri("latest/climate/m1"));
            try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
                LatestIT.awaitText(reader, "a".repeat(1000));
                LatestIT.awaitListeners(node, 1);
                node.text("m1", "b".repeat(1000));
                node.listeners.forEach(Runnable::run);
                LatestIT.awaitText(reader, "b".repeat(1000));
            } finally {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void post_whileNothingIsTaken_isOverloadedWithMaxAge() throws Exception {
        SourceOptions narrow = Scripted.options(1024, 1, 16, 4, Duration.ofSeconds(20), Duration.ofSeconds(7));
        try (Scripted node = new Scripted(narrow);
                Peer peer = new Peer()) {
            node.gate = new CountDownLatch(1);
            Request waiting = peer.start(Code.POST, node.uri("m1"), "1");
            Eventually.until("the first waits", () -> node.entered.get() == 1);
            assertThat(run("-m", "post", "-e", "1", node.uri("m2")))
                    .contains("5.03")
                    .contains("Max-Age:7");
            assertThat(node.rejected).containsExactly("overloaded");
            node.gate.countDown();
            assertThat(Peer.await(waiting).isSuccess()).isTrue();
        }
    }

    @Test
    void post_whoseAnswerTakesLong_isAnsweredByItself() throws Exception {
        SourceOptions patient = Scripted.options(1024, 8, 16, 4, Duration.ofSeconds(20), Duration.ofSeconds(5));
        try (Scripted node = new Scripted(patient)) {
            node.gate = new CountDownLatch(1);
            Process process = client().start("-v", "7", "-B", "10", "-m", "post", "-e", "1", node.uri("m1"));
            try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
                LatestIT.awaitText(reader, "t:ACK c:0.00");
                node.gate.countDown();
                LatestIT.awaitText(reader, "t:CON c:2.04");
            } finally {
                process.destroyForcibly();
            }
            assertThat(node.taken).hasSize(1);
        }
    }

    @Test
    void requests_thatNothingHereServes_areRefusedByCode() throws Exception {
        try (Scripted node = new Scripted()) {
            assertThat(run("-m", "delete", node.uri("m1"))).contains("4.05");
            assertThat(run("-m", "fetch", "-e", "x", node.uri("m1"))).contains("4.05");
            assertThat(run(node.uri("m1"))).contains("4.04");
            assertThat(run("-O", "5", "-m", "put", "-e", "x", node.uri("m1"))).contains("4.02");
            assertThat(run("-O", "2049,x", "-m", "put", "-e", "x", node.uri("m1")))
                    .contains("4.02");
            String proxy = "coap://127.0.0.1:" + node.source.address().getPort();
            assertThat(run("-P", proxy, "-m", "post", "-e", "x", "coap://elsewhere/m1"))
                    .contains("5.05");
            assertThat(node.taken).isEmpty();
        }
    }
}
