package dev.weir.connect.coap;

import dev.weir.engine.Inlet;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.UDPConnector;
import org.eclipse.californium.elements.config.Configuration;

/// A UDP socket that drops what the protocol thread cannot keep up with, as the network would:
/// Californium itself queues without bound. What is beyond an address's rate is turned away here,
/// before anything is made of it: a confirmable request gets 4.29 (RFC 8516), which is shorter than
/// it, so that nobody is flooded through us; all else is dropped.
final class BoundedSocket extends UDPConnector {
    /// How many tasks may wait for the protocol thread, its own timers among them.
    static final int MAX_WAITING = 4096;

    private static final int HEADER = 4;
    private static final int MAX_TOKEN = 8;
    private static final int TOO_MANY_REQUESTS = 4 << 5 | 29;

    /// Max-Age (14) of one byte: one second, after which the bucket has something again.
    private static final byte[] MAX_AGE = {(byte) 0xd1, 1, 1};

    private final ScheduledThreadPoolExecutor protocol;
    private final Rates rates;
    private final Inlet inlet;
    private final LongAdder dropped;

    BoundedSocket(
            InetSocketAddress address,
            Configuration configuration,
            ScheduledThreadPoolExecutor protocol,
            Rates rates,
            Inlet inlet,
            LongAdder dropped) {
        super(address, configuration);
        this.protocol = protocol;
        this.rates = rates;
        this.inlet = inlet;
        this.dropped = dropped;
    }

    @Override
    public void processDatagram(DatagramPacket datagram) {
        try {
            if (!isAnswerable(datagram.getAddress(), datagram.getPort())
                    || protocol.getQueue().size() > MAX_WAITING) {
                dropped.increment();
            } else if (rates.take(datagram.getAddress())) {
                if (hasBrokenToken(datagram)) {
                    reset(datagram);
                } else {
                    super.processDatagram(datagram);
                }
            } else {
                turnAway(datagram);
            }
        } catch (RuntimeException unexpected) {
            // The one thread that receives must go on: a full queue to send from, or a datagram
            // that Californium stumbles over.
            dropped.increment();
        }
    }

    /// Whether a datagram can come from there: who forges its sender to be everybody would have us
    /// answer everybody.
    static boolean isAnswerable(InetAddress address, int port) {
        byte[] bytes = address.getAddress();
        boolean everybody = bytes.length == 4 && bytes[0] == -1 && bytes[1] == -1 && bytes[2] == -1 && bytes[3] == -1;
        return port != 0 && !everybody && !address.isMulticastAddress() && !address.isAnyLocalAddress();
    }

    /// Whether it is a confirmable message whose token is not there or too long. RFC 7252 (4.2)
    /// wants a format error rejected; Californium is silent about this one.
    private static boolean hasBrokenToken(DatagramPacket datagram) {
        byte[] data = datagram.getData();
        int offset = datagram.getOffset();
        if (datagram.getLength() < HEADER || (data[offset] & 0xf0) != 0x40) {
            return false;
        }
        int token = data[offset] & 15;
        return token > MAX_TOKEN || datagram.getLength() < HEADER + token;
    }

    private void reset(DatagramPacket datagram) {
        byte[] data = datagram.getData();
        int offset = datagram.getOffset();
        answer(datagram, new byte[] {0x70, 0, data[offset + 2], data[offset + 3]});
    }

    private void answer(DatagramPacket datagram, byte[] answer) {
        InetSocketAddress peer = new InetSocketAddress(datagram.getAddress(), datagram.getPort());
        send(RawData.outbound(answer, new AddressEndpointContext(peer), null, false));
    }

    private void turnAway(DatagramPacket datagram) {
        byte[] data = datagram.getData();
        int offset = datagram.getOffset();
        int token = datagram.getLength() < HEADER ? MAX_TOKEN + 1 : data[offset] & 15;
        int code = datagram.getLength() < HEADER ? 0 : data[offset + 1] & 0xff;
        boolean request = code > 0 && code < 32 && token <= MAX_TOKEN && datagram.getLength() >= HEADER + token;
        if (!request) {
            dropped.increment();
            return;
        }
        inlet.rejected("rate");
        boolean confirmable = (data[offset] & 0xf0) == 0x40;
        if (confirmable) {
            byte[] answer = Arrays.copyOfRange(data, offset, offset + HEADER + token + MAX_AGE.length);
            answer[0] = (byte) (0x60 | token);
            answer[1] = (byte) TOO_MANY_REQUESTS;
            System.arraycopy(MAX_AGE, 0, answer, HEADER + token, MAX_AGE.length);
            answer(datagram, answer);
        }
    }
}
