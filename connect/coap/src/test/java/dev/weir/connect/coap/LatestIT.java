package dev.weir.connect.coap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Tool;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LatestIT {
    private static Tool client() {
        return Tool.require("coap-client-notls", "libcoap3-bin");
    }

    /// Starts to observe; each answer and notification comes into the queue.
    static BlockingQueue<Response> observe(Scripted node, Peer peer, String device) {
        BlockingQueue<Response> responses = new LinkedBlockingQueue<>();
        Request request = Request.newGet();
        request.setURI(node.uri("latest/climate/" + device));
        request.setObserve();
        request.addMessageObserver(new MessageObserverAdapter() {
            @Override
            public void onResponse(Response response) {
                responses.add(response);
            }
        });
        peer.endpoint.addNotificationListener((_, response) -> responses.add(response));
        request.send(peer.endpoint);
        return responses;
    }

    static Response await(BlockingQueue<Response> responses, String text) throws InterruptedException {
        while (true) {
            Response response = responses.poll(10, TimeUnit.SECONDS);
            if (response == null) {
                throw new AssertionError("no notification with " + text);
            }
            if (response.getPayloadString().contains(text)) {
                return response;
            }
        }
    }

    @Test
    void get_byLibcoap_isTheReadingAsJson() throws Exception {
        try (Scripted node = new Scripted()) {
            node.latest("m1", 21.5);
            Tool.Result result = client().run(Duration.ofSeconds(20), "-m", "get", node.uri("latest/climate/m1"));
            assertThat(result.output())
                    .contains("{\"stream\":\"climate\",\"device\":\"m1\",\"time\":\"1970-01-01T00:00:00Z\"")
                    .contains("\"fields\":{\"temperature\":21.5}}");
        }
    }

    @Test
    void get_acceptingOtherFormats_isRefused() throws Exception {
        try (Scripted node = new Scripted();
                Peer peer = new Peer()) {
            node.latest("m1", 1);
            Request request = Request.newGet();
            request.setURI(node.uri("latest/climate/m1"));
            request.getOptions().setAccept(60);
            assertThat(Peer.await(request.send(peer.endpoint)).getCode()).isEqualTo(ResponseCode.NOT_ACCEPTABLE);
        }
    }

    @Test
    void wellKnownCore_listsWhatCanBeObserved() throws Exception {
        try (Scripted node = new Scripted()) {
            node.latest("m 1", 1);
            Tool.Result result = client().run(Duration.ofSeconds(20), "-m", "get", node.uri(".well-known/core"));
            assertThat(result.output()).contains("</latest/climate/m%201>;rt=\"weir.latest\";ct=50;obs");
        }
    }

    @Test
    void observe_byLibcoap_getsEachChange() throws Exception {
        try (Scripted node = new Scripted()) {
            node.latest("m1", 1);
            Process process = client().start("-m", "get", "-s", "30", node.uri("latest/climate/m1"));
            try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
                awaitText(reader, "\"temperature\":1.0");
                node.latest("m1", 2);
                awaitText(reader, "\"temperature\":2.0");
                node.latest("m1", 3);
                awaitText(reader, "\"temperature\":3.0");
            } finally {
                process.destroyForcibly();
            }
        }
    }

    static void awaitText(BufferedReader reader, String text) throws IOException {
        StringBuilder seen = new StringBuilder();
        while (seen.indexOf(text) < 0) {
            int next = reader.read();
            if (next < 0) {
                throw new AssertionError("no " + text + " in " + seen);
            }
            seen.append((char) next);
        }
    }

    @Test
    void observe_withManyChangesAtOnce_endsWithTheLast() throws Exception {
        try (Scripted node = new Scripted();
                Peer peer = new Peer()) {
            node.latest("m1", 0);
            BlockingQueue<Response> responses = observe(node, peer, "m1");
            await(responses, "\"temperature\":0.0");
            for (int i = 1; i <= 2000; i++) {
                node.latest("m1", i);
            }
            await(responses, "\"temperature\":2000.0");
        }
    }

    @Test
    void observe_cancelled_endsTheSubscription() throws Exception {
        try (Scripted node = new Scripted()) {
            node.latest("m1", 1);
            try (Peer peer = new Peer()) {
                await(observe(node, peer, "m1"), "1.0");
                awaitListeners(node, 1);
            }
            // The first peer went without a word; the second takes its leave.
            Request cancel = Request.newGet();
            try (Peer peer = new Peer()) {
                Request request = Request.newGet();
                request.setURI(node.uri("latest/climate/m1"));
                request.setObserve();
                request.send(peer.endpoint);
                Peer.await(request);
                awaitListeners(node, 2);
                cancel.setURI(node.uri("latest/climate/m1"));
                cancel.setToken(request.getToken());
                cancel.setObserveCancel();
                cancel.send(peer.endpoint);
                Peer.await(cancel);
                awaitListeners(node, 1);
            }
        }
    }

    @Test
    void observe_renewedManyTimesAtTheLimit_staysOneSubscription() throws Exception {
        SourceOptions one = LimitsIT.options(new Limits(1024, 8, 16, 1, 1, 8, 1000));
        try (Scripted node = new Scripted(one);
                DatagramSocket socket = LimitsIT.from("127.0.0.2")) {
            node.latest("m1", 1);
            byte[] request = {
                0x41, 1, 0, 0, 9, 0x60, 0x56, 'l', 'a', 't', 'e', 's', 't', 7, 'c', 'l', 'i', 'm', 'a', 't', 'e', 2,
                'm', '1'
            };
            for (byte id = 1; id <= 20; id++) {
                request[3] = id;
                socket.send(new DatagramPacket(request, request.length, node.source.address()));
                byte[] answer;
                do {
                    answer = LimitsIT.receive(socket);
                } while (answer[0] != 0x61 || answer[3] != id);
                // After the token and an entity tag of four bytes: Observe.
                assertThat(answer[10] & 0xf0).isEqualTo(0x20);
            }
            awaitListeners(node, 1);
        }
    }

    static void awaitListeners(Scripted node, int count) {
        while (node.listeners.size() != count) {
            Thread.onSpinWait();
        }
    }

    @Test
    void observe_beyondTheLimit_getsOneAnswerWithoutObserve() throws Exception {
        SourceOptions two = Scripted.options(1024, 8, 16, 2, Duration.ofSeconds(1), Duration.ofSeconds(5));
        try (Scripted node = new Scripted(two);
                Peer peer = new Peer()) {
            int observing = 0;
            for (int i = 0; i < 5; i++) {
                node.latest("m" + i, i);
                Response response = await(observe(node, peer, "m" + i), i + ".0");
                observing += response.getOptions().hasObserve() ? 1 : 0;
            }
            assertThat(observing).isEqualTo(2);
            assertThat(node.listeners).hasSize(2);
        }
    }

    @Test
    void observe_unknownDevice_isNotFound() throws Exception {
        try (Scripted node = new Scripted();
                Peer peer = new Peer()) {
            assertThat(peer.send(Code.GET, node.uri("latest/climate/x"), "").getCode())
                    .isEqualTo(ResponseCode.NOT_FOUND);
            assertThat(node.listeners).isEmpty();
        }
    }
}
