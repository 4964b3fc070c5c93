package dev.weir.connect.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.connect.coap.Scripted.Taken;
import dev.weir.engine.Receipt;
import dev.weir.engine.config.HostPort;
import dev.weir.testkit.Tool;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CoapSourceIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static Tool client() {
        return Tool.require("coap-client-notls", "libcoap3-bin");
    }

    @Test
    void post_byLibcoap_isTakenWithAddressAndContentType() throws Exception {
        try (Scripted node = new Scripted()) {
            Tool.Result result = client().run(
                            PATIENCE, "-v", "6", "-m", "post", "-t", "50", "-e", "{\"a\":1}", node.uri("motes/in/m1"));
            assertThat(node.next()).isEqualTo(new Taken("motes/in/m1", "{\"a\":1}", "application/json"));
            assertThat(result.output()).contains("2.04");
        }
    }

    @Test
    void put_ofSenml_isTakenWithItsContentType() throws Exception {
        try (Scripted node = new Scripted();
                Peer peer = new Peer()) {
            Request request = Request.newPut();
            request.setURI(node.uri("a/b"));
            request.getOptions().setContentFormat(MediaTypeRegistry.APPLICATION_SENML_JSON);
            request.setPayload("[]");
            assertThat(Peer.await(request.send(peer.endpoint)).getCode()).isEqualTo(ResponseCode.CHANGED);
            assertThat(node.next()).isEqualTo(new Taken("a/b", "[]", "application/senml+json"));
        }
    }

    @Test
    void post_receipts_becomeCodes() throws Exception {
        try (Scripted node = new Scripted();
                Peer peer = new Peer()) {
            node.answer = Receipt.UNMATCHED;
            assertThat(peer.send(Code.POST, node.uri("x"), "1").getCode()).isEqualTo(ResponseCode.NOT_FOUND);
            node.answer = new Receipt.Undecodable("malformed", "not JSON at byte 3");
            Response refused = peer.send(Code.POST, node.uri("x"), "1");
            assertThat(refused.getCode()).isEqualTo(ResponseCode.BAD_REQUEST);
            assertThat(refused.getPayloadString()).isEqualTo("malformed: not JSON at byte 3");
            node.answer = new Receipt.Undecodable("too-large", "more than 10000 readings");
            assertThat(peer.send(Code.POST, node.uri("x"), "1").getCode())
                    .isEqualTo(ResponseCode.REQUEST_ENTITY_TOO_LARGE);
            node.answer = Receipt.OVERLOADED;
            Response overloaded = peer.send(Code.POST, node.uri("x"), "1");
            assertThat(overloaded.getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
            assertThat(overloaded.getOptions().getMaxAge()).isEqualTo(5);
        }
    }

    @Test
    void post_whileThePipelineIsFull_isAnsweredOverloadedAfterItsPatience() throws Exception {
        try (Scripted node = new Scripted();
                Peer peer = new Peer()) {
            node.gate = new CountDownLatch(1);
            assertThat(peer.send(Code.POST, node.uri("x"), "1").getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
            assertThat(node.taken).isEmpty();
        }
    }

    @Test
    void post_moreThanMaxConcurrent_isAnsweredOverloadedAtOnce() throws Exception {
        SourceOptions narrow = Scripted.options(1024, 2, 16, 4, Duration.ofSeconds(20), Duration.ofSeconds(7));
        try (Scripted node = new Scripted(narrow);
                Peer peer = new Peer()) {
            node.gate = new CountDownLatch(1);
            Request first = peer.start(Code.POST, node.uri("x"), "1");
            Request second = peer.start(Code.POST, node.uri("x"), "2");
            Response third = peer.send(Code.POST, node.uri("x"), "3");
            assertThat(third.getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
            assertThat(third.getOptions().getMaxAge()).isEqualTo(7);
            assertThat(node.rejected).containsExactly("overloaded");
            node.gate.countDown();
            assertThat(Peer.await(first).getCode()).isEqualTo(ResponseCode.CHANGED);
            assertThat(Peer.await(second).getCode()).isEqualTo(ResponseCode.CHANGED);
        }
    }

    @Test
    void post_whoseAnswerTakesLong_isAcknowledgedFirstAndAnsweredByItself() throws Exception {
        SourceOptions patient = Scripted.options(1024, 8, 16, 4, Duration.ofSeconds(20), Duration.ofSeconds(5));
        try (Scripted node = new Scripted(patient);
                Peer peer = new Peer()) {
            node.gate = new CountDownLatch(1);
            Request request = peer.start(Code.POST, node.uri("x"), "1");
            while (!request.isAcknowledged()) {
                Thread.onSpinWait();
            }
            node.gate.countDown();
            Response response = Peer.await(request);
            assertThat(response.getCode()).isEqualTo(ResponseCode.CHANGED);
            assertThat(response.getType()).isEqualTo(CoAP.Type.CON);
        }
    }

    @Test
    void post_sentTwiceWithTheSameMessageId_isTakenOnceAndAnsweredTwice() throws Exception {
        try (Scripted node = new Scripted();
                DatagramSocket socket = new DatagramSocket()) {
            byte[] message = {0x40, 0x02, 0x12, 0x34, (byte) 0xb1, 'x', (byte) 0xff, '1'};
            List<byte[]> answers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                socket.send(new DatagramPacket(
                        message,
                        message.length,
                        InetAddress.getLoopbackAddress(),
                        node.source.address().getPort()));
                DatagramPacket answer = new DatagramPacket(new byte[64], 64);
                socket.setSoTimeout(10_000);
                socket.receive(answer);
                answers.add(Arrays.copyOf(answer.getData(), answer.getLength()));
            }
            assertThat(answers.get(0)).isEqualTo(new byte[] {0x60, 0x44, 0x12, 0x34});
            assertThat(answers.get(1)).isEqualTo(answers.get(0));
            assertThat(node.taken).hasSize(1);
        }
    }

    @Test
    void post_manyFromOnePeer_keepTheirOrder() throws Exception {
        try (Scripted node = new Scripted();
                Peer peer = new Peer()) {
            List<Request> window = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                window.add(peer.start(Code.POST, node.uri("x"), String.valueOf(i)));
                if (window.size() == 10) {
                    for (Request request : window) {
                        assertThat(Peer.await(request).getCode()).isEqualTo(ResponseCode.CHANGED);
                    }
                    window.clear();
                }
            }
            for (int i = 0; i < 200; i++) {
                assertThat(node.next().payload()).isEqualTo(String.valueOf(i));
            }
        }
    }

    @Test
    void post_moreThanAPeerMayHave_isAnsweredOverloadedAndLosesNoAnswer() throws Exception {
        SourceOptions patient = Scripted.options(1024, 100, 16, 4, Duration.ofSeconds(30), Duration.ofSeconds(5));
        try (Scripted node = new Scripted(patient);
                Peer peer = new Peer();
                Peer other = new Peer()) {
            node.gate = new CountDownLatch(1);
            List<Request> requests = new ArrayList<>();
            for (int i = 0; i < Telemetry.MAX_PER_PEER; i++) {
                requests.add(peer.start(Code.POST, node.uri("x"), String.valueOf(i)));
            }
            assertThat(peer.send(Code.POST, node.uri("x"), "17th").getCode())
                    .isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
            requests.add(other.start(Code.POST, node.uri("x"), "other"));
            node.gate.countDown();
            for (Request request : requests) {
                assertThat(Peer.await(request).getCode()).isEqualTo(ResponseCode.CHANGED);
            }
        }
    }

    @Test
    void post_fromMorePeersThanAreRemembered_isStillTaken() throws Exception {
        SourceOptions few = Scripted.options(1024, 100, 4, 4, Duration.ofSeconds(1), Duration.ofSeconds(5));
        try (Scripted node = new Scripted(few)) {
            for (int i = 0; i < 12; i++) {
                try (Peer peer = new Peer()) {
                    assertThat(peer.send(Code.POST, node.uri("x"), "1").getCode())
                            .isEqualTo(ResponseCode.CHANGED);
                    assertThat(peer.send(Code.POST, node.uri("x"), "y".repeat(1000))
                                    .getCode())
                            .isEqualTo(ResponseCode.CHANGED);
                }
            }
        }
    }

    @Test
    void post_inBlocks_isPutTogether() throws Exception {
        String payload = "x".repeat(6000);
        Path file = Files.writeString(Files.createTempFile("payload", ".txt"), payload);
        try (Scripted node = new Scripted()) {
            Tool.Result result =
                    client().run(PATIENCE, "-v", "6", "-m", "post", "-b", "256", "-f", file.toString(), node.uri("x"));
            assertThat(node.next().payload()).isEqualTo(payload);
            assertThat(result.output()).contains("2.04");
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void post_largerThanTheLimit_isRefusedAndCounted() throws Exception {
        SourceOptions small = Scripted.options(500, 8, 16, 4, Duration.ofSeconds(1), Duration.ofSeconds(5));
        try (Scripted node = new Scripted(small);
                Peer peer = new Peer()) {
            assertThat(peer.send(Code.POST, node.uri("x"), "x".repeat(501)).getCode())
                    .isEqualTo(ResponseCode.REQUEST_ENTITY_TOO_LARGE);
            assertThat(peer.send(Code.POST, node.uri("x"), "x".repeat(5000)).getCode())
                    .isEqualTo(ResponseCode.REQUEST_ENTITY_TOO_LARGE);
            assertThat(node.taken).isEmpty();
            assertThat(node.rejected).contains("too-large").hasSizeGreaterThanOrEqualTo(2);
            assertThat(peer.send(Code.POST, node.uri("x"), "x".repeat(500)).getCode())
                    .isEqualTo(ResponseCode.CHANGED);
        }
    }

    @Test
    void post_pathSegmentWithSlash_isRefused() throws Exception {
        try (Scripted node = new Scripted();
                Peer peer = new Peer()) {
            Request request = Request.newPost();
            request.setURI(node.uri(""));
            request.getOptions().addUriPath("a/b");
            assertThat(Peer.await(request.send(peer.endpoint)).getCode()).isEqualTo(ResponseCode.BAD_REQUEST);
            assertThat(node.rejected).containsExactly("bad-path");
        }
    }

    @Test
    void otherMethodsAndPaths_areRefused() throws Exception {
        try (Scripted node = new Scripted();
                Peer peer = new Peer()) {
            assertThat(peer.send(Code.DELETE, node.uri("x"), "").getCode()).isEqualTo(ResponseCode.METHOD_NOT_ALLOWED);
            assertThat(peer.send(Code.GET, node.uri("x"), "").getCode()).isEqualTo(ResponseCode.NOT_FOUND);
            assertThat(peer.send(Code.GET, node.uri("latest/climate/none"), "").getCode())
                    .isEqualTo(ResponseCode.NOT_FOUND);
        }
    }

    @Test
    void open_onAPortThatIsTaken_saysWhatToDo() throws Exception {
        try (Scripted node = new Scripted()) {
            HostPort taken = new HostPort("127.0.0.1", node.source.address().getPort());
            CoapSource second = new CoapSource(SourceOptions.listening(taken), node.surroundings());
            assertThatThrownBy(() -> second.open(node))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll(taken.toString(), "in use", "listen:");
        }
    }

    @Test
    void close_withAWaitingRequest_endsAllThreadsAndHandsNothingOver() throws Exception {
        SourceOptions patient = Scripted.options(1024, 8, 16, 4, Duration.ofSeconds(30), Duration.ofSeconds(5));
        Scripted node = new Scripted(patient);
        node.gate = new CountDownLatch(1);
        try (Peer peer = new Peer()) {
            Request request = peer.start(Code.POST, node.uri("x"), "1");
            while (!request.isAcknowledged()) {
                Thread.onSpinWait();
            }
            node.close();
            node.close();
            assertThat(node.taken).isEmpty();
            // An executor has ended a moment before its thread has.
            while (Thread.getAllStackTraces().keySet().stream()
                    .anyMatch(thread -> thread.getName().startsWith("coap-motes"))) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void open_writesNoFile() throws Exception {
        try (Scripted node = new Scripted();
                Peer peer = new Peer()) {
            peer.send(Code.POST, node.uri("x"), "1");
            assertThat(Path.of("Californium3.properties")).doesNotExist();
        }
    }

    @Test
    void garbage_doesNotStopTheSource() throws Exception {
        try (Scripted node = new Scripted();
                Peer peer = new Peer();
                DatagramSocket socket = new DatagramSocket()) {
            SplittableRandom random = new SplittableRandom(7);
            for (int i = 0; i < 2000; i++) {
                byte[] noise = new byte[random.nextInt(64)];
                random.nextBytes(noise);
                socket.send(new DatagramPacket(
                        noise,
                        noise.length,
                        InetAddress.getLoopbackAddress(),
                        node.source.address().getPort()));
            }
            Response response = peer.send(Code.POST, node.uri("x"), "still here");
            assertThat(response.getCode()).isEqualTo(ResponseCode.CHANGED);
        }
    }
}
