package dev.weir.connect.coap;

import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.californium.elements.UDPConnector;
import org.eclipse.californium.elements.config.Configuration;

/// A UDP socket that drops what the protocol thread cannot keep up with, as the network would:
/// Californium itself queues without bound.
final class BoundedSocket extends UDPConnector {
    /// How many tasks may wait for the protocol thread, its own timers among them.
    private static final int MAX_WAITING = 1024;

    /// A datagram of Ethernet, and what stands around it here.
    private static final int DATAGRAM_BYTES = 2048;

    /// What may wait, in bytes.
    static final long WORST_CASE_BYTES = (long) MAX_WAITING * DATAGRAM_BYTES;

    private final ScheduledThreadPoolExecutor protocol;
    private final LongAdder dropped;

    BoundedSocket(
            InetSocketAddress address,
            Configuration configuration,
            ScheduledThreadPoolExecutor protocol,
            LongAdder dropped) {
        super(address, configuration);
        this.protocol = protocol;
        this.dropped = dropped;
    }

    @Override
    public void processDatagram(DatagramPacket datagram) {
        if (protocol.getQueue().size() > MAX_WAITING) {
            dropped.increment();
        } else {
            super.processDatagram(datagram);
        }
    }
}
