package dev.weir.connect.coap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.config.HostPort;
import dev.weir.testkit.Tool;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a source does when somebody wants more than there is, or more than he may.
@Timeout(60)
class LimitsIT {
    private static final int CONFIRMABLE = 0x40;
    private static final int NON_CONFIRMABLE = 0x50;
    private static final int POST = 2;

    @TempDir
    private Path folder;

    static SourceOptions options(Limits limits) {
        return new SourceOptions(
                Optional.of(new HostPort("127.0.0.1", 0)),
                limits,
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Optional.empty());
    }

    private static Limits rate(int perSecond) {
        return new Limits(1024, 64, 16, 8, 2, 2, perSecond);
    }

    static DatagramSocket from(String address) throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address, 0));
        socket.setSoTimeout(10_000);
        return socket;
    }

    /// A request to `/x` with payload `1` and a token of one byte.
    private static byte[] request(int type, int code, int id) {
        return new byte[] {
            (byte) (type | 1), (byte) code, (byte) (id >> 8), (byte) id, 0x77, (byte) 0xb1, 'x', (byte) 0xff, '1'
        };
    }

    private static void send(DatagramSocket socket, Scripted node, byte[] message) throws IOException {
        socket.send(new DatagramPacket(message, message.length, node.source.address()));
    }

    static byte[] receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        socket.receive(packet);
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    @Test
    void post_beyondTheRate_isAnswered429WithMaxAge() throws Exception {
        try (Scripted node = new Scripted(options(rate(3)));
                DatagramSocket socket = from("127.0.0.2");
                DatagramSocket other = from("127.0.0.3")) {
            for (int id = 1; id <= 3; id++) {
                send(socket, node, request(CONFIRMABLE, POST, id));
                assertThat(receive(socket)[1]).isEqualTo((byte) 0x44);
            }
            send(socket, node, request(CONFIRMABLE, POST, 4));
            assertThat(receive(socket)).isEqualTo(new byte[] {0x61, (byte) 0x9d, 0, 4, 0x77, (byte) 0xd1, 1, 1});
            assertThat(node.rejected).containsExactly("rate");
            send(other, node, request(CONFIRMABLE, POST, 5));
            assertThat(receive(other)[1]).isEqualTo((byte) 0x44);
        }
    }

    @Test
    void post_nonConfirmableBeyondTheRate_isDroppedAndCounted() throws Exception {
        try (Scripted node = new Scripted(options(rate(1)));
                DatagramSocket socket = from("127.0.0.2");
                Peer peer = new Peer()) {
            send(socket, node, request(NON_CONFIRMABLE, POST, 1));
            receive(socket);
            for (int id = 2; id < 10; id++) {
                send(socket, node, request(NON_CONFIRMABLE, POST, id));
            }
            while (node.rejected.size() < 8) {
                Thread.onSpinWait();
            }
            socket.setSoTimeout(100);
            try {
                assertThat(receive(socket)).isNull();
            } catch (SocketTimeoutException nothing) {
                assertThat(node.rejected).containsOnly("rate");
            }
            assertThat(peer.send(Code.POST, node.uri("x"), "1").getCode()).isEqualTo(ResponseCode.CHANGED);
        }
    }

    @Test
    void requests_ofNobodyKnown_areUnauthorized() throws Exception {
        Keyring keyring = new Keyring();
        try (Scripted node = new Scripted(options(rate(1000)), keyring);
                Peer peer = new Peer()) {
            node.latest("m1", 1);
            assertThat(peer.send(Code.POST, node.uri("own/anonymous"), "1").getCode())
                    .isEqualTo(ResponseCode.UNAUTHORIZED);
            assertThat(peer.send(Code.GET, node.uri("latest/climate/m1"), "").getCode())
                    .isEqualTo(ResponseCode.UNAUTHORIZED);
            assertThat(node.rejected).containsExactly("not-authorized");
        }
    }

    @Test
    void requests_beyondTheRightsOfAnonymous_areRefusedByTheCodeOfTheVerdict() throws Exception {
        Keyring keyring = new Keyring();
        keyring.anonymous = true;
        try (Scripted node = new Scripted(options(rate(1000)), keyring);
                Peer peer = new Peer()) {
            node.latest("m1", 1);
            node.latest("anonymous", 2);
            assertThat(peer.send(Code.POST, node.uri("own/anonymous"), "1").getCode())
                    .isEqualTo(ResponseCode.CHANGED);
            assertThat(peer.send(Code.POST, node.uri("own/m1"), "1").getCode()).isEqualTo(ResponseCode.FORBIDDEN);
            assertThat(peer.send(Code.POST, node.uri("secret"), "1").getCode()).isEqualTo(ResponseCode.BAD_REQUEST);
            assertThat(peer.send(Code.GET, node.uri("latest/climate/m1"), "").getCode())
                    .isEqualTo(ResponseCode.FORBIDDEN);
            assertThat(peer.send(Code.GET, node.uri("latest/climate/anonymous"), "")
                            .getCode())
                    .isEqualTo(ResponseCode.CONTENT);
            assertThat(peer.send(Code.GET, node.uri(".well-known/core"), "").getPayloadString())
                    .contains("climate/anonymous")
                    .doesNotContain("climate/m1");
            keyring.revoked.add("anonymous");
            assertThat(peer.send(Code.POST, node.uri("own/anonymous"), "1").getCode())
                    .isEqualTo(ResponseCode.UNAUTHORIZED);
        }
    }

    @Test
    void observe_ofARevokedObserver_ends() throws Exception {
        Keyring keyring = new Keyring();
        keyring.anonymous = true;
        try (Scripted node = new Scripted(options(rate(1000)), keyring);
                Peer peer = new Peer()) {
            node.latest("anonymous", 1);
            BlockingQueue<Response> responses = LatestIT.observe(node, peer, "anonymous");
            LatestIT.await(responses, "1.0");
            LatestIT.awaitListeners(node, 1);
            keyring.revoked.add("anonymous");
            node.latest("anonymous", 2);
            LatestIT.awaitListeners(node, 0);
        }
    }

    @Test
    void observe_moreThanAPeerMayHave_getsOneAnswer() throws Exception {
        try (Scripted node = new Scripted(options(rate(1000)));
                Peer peer = new Peer();
                Peer other = new Peer()) {
            for (int i = 0; i < 3; i++) {
                node.latest("m" + i, i);
                Response response = LatestIT.await(LatestIT.observe(node, peer, "m" + i), i + ".0");
                assertThat(response.getOptions().hasObserve()).isEqualTo(i < 2);
            }
            assertThat(LatestIT.await(LatestIT.observe(node, other, "m0"), "0.0")
                            .getOptions()
                            .hasObserve())
                    .isTrue();
        }
    }

    /// The first block of an upload: `/NAME`, block 0 of 16 bytes with more to come.
    private static byte[] firstBlock(int id, char name) {
        byte[] message = new byte[8 + 3 + 16];
        byte[] head = {0x40, POST, (byte) (id >> 8), (byte) id, (byte) 0xb1, (byte) name};
        System.arraycopy(head, 0, message, 0, head.length);
        message[6] = (byte) 0xd1; // Block1 is option 27: 16 after Uri-Path.
        message[7] = 3;
        message[8] = 0x08; // number 0, more, 16 bytes
        message[9] = (byte) 0xff;
        return Arrays.copyOf(message, 10 + 16);
    }

    @Test
    void uploads_moreThanThereMayBe_areAnsweredOverloadedBeforeMemoryIsTaken() throws Exception {
        try (Scripted node = new Scripted(options(rate(1000)));
                DatagramSocket socket = from("127.0.0.2");
                Peer peer = new Peer()) {
            for (int id = 1; id <= 2; id++) {
                send(socket, node, firstBlock(id, (char) ('a' + id)));
                assertThat(receive(socket)[1]).isEqualTo((byte) 0x5f);
            }
            send(socket, node, firstBlock(3, 'z'));
            assertThat(receive(socket)[1]).isEqualTo((byte) 0xa3);
            assertThat(node.rejected).containsExactly("overloaded");
            // A message in one piece needs no place.
            assertThat(peer.send(Code.POST, node.uri("x"), "1").getCode()).isEqualTo(ResponseCode.CHANGED);
        }
    }

    @Test
    void upload_withAGap_isIncomplete() throws Exception {
        try (Scripted node = new Scripted(options(rate(1000)));
                DatagramSocket socket = from("127.0.0.2")) {
            send(socket, node, firstBlock(1, 'a'));
            receive(socket);
            byte[] third = firstBlock(2, 'a');
            third[8] = 0x28;
            send(socket, node, third);
            assertThat(receive(socket)[1]).isEqualTo((byte) 0x88);
            assertThat(node.taken).isEmpty();
        }
    }

    @Test
    void get_ofALargeValue_comesInSmallBlocks() throws Exception {
        try (Scripted node = new Scripted(options(rate(1000)))) {
            node.text("m1", "x".repeat(6000));
            Path out = folder.resolve("out");
            Tool.Result result = Tool.require("coap-client-notls", "libcoap3-bin")
                    .run(Duration.ofSeconds(20), "-v", "6", "-o", out.toString(), node.uri("latest/climate/m1"));
            assertThat(Files.readString(out)).contains("x".repeat(6000));
            assertThat(result.output()).contains("Block2:0/M/256").doesNotContain("/1024");
        }
    }

    /// A GET of `/latest/climate/m1` with Block2 as given.
    private static byte[] block2(int id, int number, int szx) {
        byte[] head = {
            0x40,
            1,
            (byte) (id >> 8),
            (byte) id,
            (byte) 0xb6,
            'l',
            'a',
            't',
            'e',
            's',
            't',
            7,
            'c',
            'l',
            'i',
            'm',
            'a',
            't',
            'e',
            2,
            'm',
            '1',
            (byte) 0xc1,
            (byte) (number << 4 | szx)
        };
        return head;
    }

    @Test
    void get_ofALaterLargeBlockByAForger_isASmallOneFromTheSameByte() throws Exception {
        try (Scripted node = new Scripted(options(rate(1000)));
                DatagramSocket forger = from("127.0.0.2");
                DatagramSocket client = from("127.0.0.3")) {
            node.text("m1", "x".repeat(6000));
            for (int szx = 5; szx <= 7; szx++) {
                send(forger, node, block2(szx, 1, szx));
                assertThat(receive(forger)).hasSizeLessThan(300);
            }
            // Where the whole is kept from a first block.
            send(client, node, block2(1, 0, 6));
            assertThat(receive(client)).hasSizeLessThan(300);
            send(client, node, block2(2, 1, 6));
            assertThat(receive(client)).hasSizeLessThan(300);
        }
    }

    @Test
    void uploads_toOnePathByManyQueries_areOneEach() throws Exception {
        try (Scripted node = new Scripted(options(rate(1000)));
                DatagramSocket socket = from("127.0.0.2")) {
            int refused = 0;
            for (int id = 1; id <= 6; id++) {
                byte[] block = firstBlock(id, 'a');
                byte[] queried = new byte[block.length + 2];
                System.arraycopy(block, 0, queried, 0, 6);
                queried[6] = 0x41; // Uri-Query is option 15: 4 after Uri-Path.
                queried[7] = (byte) ('a' + id);
                System.arraycopy(block, 6, queried, 8, block.length - 6);
                queried[8] = (byte) 0xc1; // Block1 is 12 after it.
                System.arraycopy(block, 8, queried, 9, block.length - 8);
                send(socket, node, Arrays.copyOf(queried, queried.length - 1));
                refused += receive(socket)[1] == (byte) 0xa3 ? 1 : 0;
            }
            assertThat(refused).isEqualTo(4);
        }
    }

    @Test
    void wellKnownCore_withAFilter_listsWhatMatches() throws Exception {
        try (Scripted node = new Scripted(options(rate(1000)));
                Peer peer = new Peer()) {
            node.latest("m1", 1);
            node.latest("n2", 2);
            assertThat(peer.send(Code.GET, node.uri(".well-known/core?rt=weir.latest"), "")
                            .getPayloadString())
                    .contains("</latest/climate/m1>")
                    .contains("</latest/climate/n2>")
                    .doesNotContain(".well-known");
            assertThat(peer.send(Code.GET, node.uri(".well-known/core?href=/latest/climate/m*"), "")
                            .getPayloadString())
                    .isEqualTo("</latest/climate/m1>;rt=\"weir.latest\";ct=50;obs");
            assertThat(peer.send(Code.GET, node.uri(".well-known/core?rt=other"), "")
                            .getPayloadString())
                    .isNullOrEmpty();
        }
    }

    /// What is on the heap when everything that can go is gone.
    static long heapBytes() {
        System.gc();
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        return memory.getHeapMemoryUsage().getUsed();
    }

    /// Bodies of the largest size, first blocks of uploads, and questions for lists, by 200
    /// addresses with 50 ports each. The honest client sends again as clients do.
    @Test
    void flood_fromManyAddresses_leavesTheHeapAsItWasAndAnHonestClientServed() throws Exception {
        Limits limits = new Limits(1024, 64, 256, 8, 2, 8, 5000);
        try (Scripted node = new Scripted(options(limits));
                Peer peer = new Peer()) {
            for (int i = 0; i < 64; i++) {
                node.latest("device-" + i, i);
            }
            long before = heapBytes();
            flood(node, 2);
            node.taken.clear();
            long after = heapBytes();
            assertThat(honest(node, peer).getCode()).isEqualTo(ResponseCode.CHANGED);
            assertThat(node.source.remembered()).isLessThanOrEqualTo(limits.remembered());
            assertThat(after - before).isLessThan(node.source.worstCaseBytes());
            // Twice the flood leaves no more behind.
            flood(node, 3);
            node.taken.clear();
            assertThat(heapBytes() - after).isLessThan(4 << 20);
        }
    }

    private static void flood(Scripted node, int network) throws Exception {
        byte[] list = {
            0x40, 1, 0, 9, (byte) 0xbb, '.', 'w', 'e', 'l', 'l', '-', 'k', 'n', 'o', 'w', 'n', 4, 'c', 'o', 'r', 'e'
        };
        byte[] large = Arrays.copyOf(request(NON_CONFIRMABLE, POST, 7), 1000);
        for (int port = 0; port < 20; port++) {
            for (int address = 1; address <= 200; address++) {
                try (DatagramSocket socket = from("127.0." + network + "." + address)) {
                    send(socket, node, large);
                    send(socket, node, request(CONFIRMABLE, POST, port));
                    send(socket, node, firstBlock(100 + port, (char) ('a' + port)));
                    send(socket, node, list);
                }
                node.taken.clear();
            }
        }
    }

    private static Response honest(Scripted node, Peer peer) throws Exception {
        for (int tries = 0; tries < 20; tries++) {
            Response response =
                    peer.start(Code.POST, node.uri("still-here"), "1").waitForResponse(5_000);
            if (response != null && response.getCode() != ResponseCode.SERVICE_UNAVAILABLE) {
                return response;
            }
        }
        throw new AssertionError("the honest client got no answer but 5.03 in 20 tries");
    }

    @Test
    void damagedMessages_neverStopTheSource() throws Exception {
        long seed = Long.getLong("weir.seed", System.nanoTime());
        System.out.println("CoAP: seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        byte[][] examples = {
            request(CONFIRMABLE, POST, 1),
            firstBlock(2, 'a'),
            {0x48, 1, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 0x60, 0x56, 'l', 'a', 't', 'e', 's', 't', 1, 'c', 1, 'm'},
            {0x70, 0, 0, 3},
            {0x60, 0, 0, 3},
        };
        try (Scripted node = new Scripted(options(new Limits(1024, 64, 16, 8, 2, 2, 1_000_000)));
                DatagramSocket socket = from("127.0.0.2");
                Peer peer = new Peer()) {
            for (int i = 0; i < 20_000; i++) {
                byte[] message = examples[random.nextInt(examples.length)].clone();
                for (int edits = random.nextInt(4); edits > 0; edits--) {
                    message[random.nextInt(message.length)] = (byte) random.nextInt();
                }
                if (random.nextInt(8) == 0) {
                    message = Arrays.copyOf(message, random.nextInt(message.length + 20));
                }
                send(socket, node, message);
            }
            Response response = peer.send(Code.POST, node.uri("still-here"), "1");
            assertThat(response.getCode()).isEqualTo(ResponseCode.CHANGED);
        }
    }

    @Test
    void isAnswerable_senderThatIsEverybody_isNot() throws Exception {
        for (String address : new String[] {"255.255.255.255", "224.0.1.187", "ff02::fd", "0.0.0.0", "::"}) {
            assertThat(BoundedSocket.isAnswerable(InetAddress.getByName(address), 5683))
                    .isFalse();
        }
        assertThat(BoundedSocket.isAnswerable(InetAddress.getLoopbackAddress(), 0))
                .isFalse();
        assertThat(BoundedSocket.isAnswerable(InetAddress.getLoopbackAddress(), 1))
                .isTrue();
    }
}
