package dev.weir.connect.coap;

import dev.weir.connect.coap.DatagramOracle.Due;
import dev.weir.testkit.CountingMeters;
import dev.weir.testkit.Fuzz;
import dev.weir.testkit.LiveThreads;
import dev.weir.testkit.RecordingInlet;
import dev.weir.testkit.TestSurroundings;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/// Hostile datagrams against an open source: each gets what RFC 7252 says is due to it, and behind
/// each a ping and now and then a good request still get their answers. Each input comes with a
/// message id of its own, since a repeated one is answered from memory.
@NullUnmarked
class DatagramFuzzIT {
    /// After so many datagrams a good request must be answered.
    private static final int BETWEEN = 50;

    private static final int PATIENCE_MILLIS = 2000;
    private static final int TRIES = 5;

    /// A ping has a message id with this bit; an input has one without.
    private static final int PING = 0x8000;

    private static final Limits LIMITS = new Limits(1024, 64, 64, 8, 4, 8, 1_000_000);

    private final DatagramSocket device;
    private InetSocketAddress to;
    private int sent;

    DatagramFuzzIT() throws Exception {
        device = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        device.setSoTimeout(PATIENCE_MILLIS);
    }

    @Test
    void source_anyDatagram_givesWhatIsDueAndGrowsByNothing() throws Exception {
        RecordingInlet inlet = new RecordingInlet();
        inlet.keep = false;
        CountingMeters meters = new CountingMeters();
        CoapSource source = new CoapSource(
                LimitsIT.options(LIMITS),
                TestSurroundings.with(TestSurroundings.of("fuzz", Path.of("target")), meters));
        source.open(inlet);
        try (device) {
            to = source.address();
            int threads = LiveThreads.named("coap-fuzz").size();
            long heap = LimitsIT.heapBytes();
            fuzz().run(this::one);
            long grown = LimitsIT.heapBytes() - heap;
            isAtMost("bytes of heap more", grown, source.worstCaseBytes());
            isAtMost("threads", LiveThreads.named("coap-fuzz").size(), threads + LIMITS.maxConcurrent());
            isAtMost("messages", source.remembered(), LIMITS.remembered());
            isAtMost("observers", meters.gauge("weir_coap_observers{source,fuzz}"), LIMITS.maxObservers());
            isAtMost("uploads", meters.gauge("weir_coap_uploads_under_way{source,fuzz}"), LIMITS.maxTransfers());
            isAtMost("requests", meters.gauge("weir_coap_requests_under_way{source,fuzz}"), 0);
        } finally {
            source.close();
        }
    }

    private static void isAtMost(String what, long is, long limit) {
        if (is > limit) {
            throw new AssertionError(is + " " + what + ", the limit is " + limit);
        }
    }

    private static Fuzz fuzz() {
        // Options: Uri-Path "things" and "d1", Content-Format, Observe, Block1, Size1; a token; a payload.
        return Fuzz.of("coap")
                .atMost(1400)
                .seed(hex("40 02 0001 b6 7468696e6773 02 6431 ff 7b7d"))
                .seed(hex("44 03 0002 01020304 b6 7468696e6773 02 6431 11 32 ff 7b2274223a317d"))
                .seed(hex("50 02 0003 b6 7468696e6773 02 6431 ff 31"))
                .seed(hex("41 01 0004 aa 60 56 6c6174657374 07 636c696d617465 02 6431"))
                .seed(hex("40 01 0005 bb 2e77656c6c2d6b6e6f776e 04 636f7265"))
                .seed(hex("40 02 0006 b1 61 d1 03 0e e2 14 0400 ff 30313233343536373839616263646566"))
                .seed(hex("40 00 0007"))
                .seed(hex("60 00 0008"))
                .seed(hex("70 00 0009"))
                .seed(hex("60 44 000a"))
                .words("things", "\u00ff", "d1", "latest", "core");
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    /// Sends an input and a ping, and takes what comes until both have what is due to them.
    private String one(byte[] original) throws Exception {
        byte[] input = original.clone();
        int id = ++sent & (PING - 1);
        if (input.length >= 4) {
            input[2] = (byte) (id >> 8);
            input[3] = (byte) id;
        }
        Due due = DatagramOracle.due(input);
        send(input);
        send(new byte[] {0x40, 0, (byte) ((id | PING) >> 8), (byte) id});
        StringBuilder outcome = new StringBuilder(due.name());
        boolean open = due != Due.NOTHING;
        boolean pinged = false;
        while (open || !pinged) {
            byte[] answer = answer(due, input);
            int answered = (answer[2] & 0xff) << 8 | (answer[3] & 0xff);
            if (answered == (id | PING)) {
                pinged = true;
            } else if (answered == id || (due == Due.ANSWER && DatagramOracle.isSeparate(answer, input))) {
                open = false;
                judge(due, answer);
                outcome.append(' ').append(codeOf(answer));
                acknowledge(answer);
            }
        }
        if (sent % BETWEEN == 0) {
            isAnswered();
        }
        return outcome.toString();
    }

    /// A separate response is repeated until it is acknowledged.
    private void acknowledge(byte[] answer) throws Exception {
        if ((answer[0] >> 4 & 3) == 0) {
            send(new byte[] {0x60, 0, answer[2], answer[3]});
        }
    }

    private static void judge(Due due, byte[] answer) {
        if (!DatagramOracle.fits(due, answer)) {
            throw new AssertionError(
                    "due is " + due + ", but the answer is " + HexFormat.of().formatHex(answer));
        }
    }

    /// Words, since numbers do not make an outcome new.
    private static String codeOf(byte[] answer) {
        int code = answer[1] & 0xff;
        return code == 0 ? "empty" : ResponseCode.valueOf(code).name();
    }

    private void send(byte[] message) throws Exception {
        device.send(new DatagramPacket(message, message.length, to));
    }

    private byte[] answer(Due due, byte[] input) throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        try {
            device.receive(packet);
        } catch (SocketTimeoutException silence) {
            throw new AssertionError(
                    "no answer; due was " + due + " to "
                            + HexFormat.of().formatHex(input, 0, Math.min(64, input.length)),
                    silence);
        }
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    /// Sends a good request by another socket, again as a device does, until its answer comes.
    private void isAnswered() throws Exception {
        byte[] request = hex("40 02 %04x b6 7468696e6773 04 676f6f64 ff 7b7d".formatted(sent & 0xffff));
        try (DatagramSocket good = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            good.setSoTimeout(PATIENCE_MILLIS);
            for (int tries = 0; tries < TRIES; tries++) {
                good.send(new DatagramPacket(request, request.length, to));
                try {
                    if (LimitsIT.receive(good)[1] == 0x44) {
                        return;
                    }
                } catch (SocketTimeoutException again) {
                    // It may have been dropped, as datagrams are.
                }
            }
        }
        throw new AssertionError("a good request has no answer 2.04 after " + TRIES + " tries");
    }
}
