package dev.weir.connect.coap;

import dev.weir.engine.config.HostPort;
import dev.weir.testkit.Fuzz;
import dev.weir.testkit.LiveThreads;
import dev.weir.testkit.RecordingInlet;
import dev.weir.testkit.TestSurroundings;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// Hostile datagrams against an open source: it stays alive, and still takes what is right.
class DatagramFuzzIT {
    /// After so many datagrams a good request must be answered.
    private static final int BETWEEN = 20;

    private static final int TRIES = 10;

    private int sent;
    private int id;

    @Test
    void source_anyDatagram_goesOnTakingRequests() throws Exception {
        RecordingInlet inlet = new RecordingInlet();
        inlet.keep = false;
        CoapSource source = new CoapSource(
                SourceOptions.listening(new HostPort("127.0.0.1", 0)), TestSurroundings.of("fuzz", Path.of("target")));
        source.open(inlet);
        try (DatagramSocket device = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DatagramSocket good = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            good.setSoTimeout(2000);
            InetSocketAddress to = source.address();
            int threads = LiveThreads.named("coap-fuzz").size();
            fuzz().run(input -> {
                device.send(new DatagramPacket(input, input.length, to));
                if (++sent % BETWEEN == 0) {
                    isAnswered(good, to);
                    answers(device);
                }
                return input.length < 4 ? "short" : (input[0] & 0xff) + " " + (input[1] & 0xff);
            });
            if (LiveThreads.named("coap-fuzz").size() > threads + 64) {
                throw new AssertionError("threads: " + LiveThreads.named("coap-fuzz"));
            }
        } finally {
            source.close();
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
                .seed(hex("40 02 0006 b1 61 d1 03 0e e2 0e 0400 ff 30313233343536373839616263646566"))
                .seed(hex("40 00 0007"))
                .seed(hex("60 00 0008"))
                .seed(hex("70 00 0009"))
                .seed(hex("60 44 000a"))
                .words("things", "\u00ff", "d1");
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    /// Sends a good request, again as a device does, until its answer comes.
    private void isAnswered(DatagramSocket socket, InetSocketAddress to) throws Exception {
        id = (id + 1) & 0xffff;
        byte[] request = hex("40 02 %04x b6 7468696e6773 04 676f6f64 ff 7b7d".formatted(id));
        byte[] answer = new byte[1500];
        for (int tries = 0; tries < TRIES; tries++) {
            socket.send(new DatagramPacket(request, request.length, to));
            try {
                DatagramPacket packet = new DatagramPacket(answer, answer.length);
                do {
                    socket.receive(packet);
                } while ((answer[2] & 0xff) << 8 != (id & 0xff00) || (answer[3] & 0xff) != (id & 0xff));
                if (answer[1] == 0x44) {
                    return;
                }
            } catch (SocketTimeoutException again) {
                // It may have been dropped, as datagrams are.
            }
        }
        throw new AssertionError("a good request has no answer 2.04 after " + TRIES + " tries; the last was "
                + HexFormat.of().formatHex(answer, 0, 16) + " " + new String(answer, 4, 40, StandardCharsets.US_ASCII));
    }

    /// Takes what the source has sent to the hostile device, so that it is not refused by the
    /// system.
    private static void answers(DatagramSocket device) throws Exception {
        device.setSoTimeout(1);
        byte[] answer = new byte[1500];
        try {
            for (int i = 0; i < 2 * BETWEEN; i++) {
                device.receive(new DatagramPacket(answer, answer.length));
            }
        } catch (SocketTimeoutException none) {
            // All taken.
        }
    }
}
