package dev.weir.connect.coap;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.eclipse.californium.scandium.dtls.AlertMessage;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertLevel;
import org.eclipse.californium.scandium.dtls.DTLSContext;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.eclipse.californium.scandium.dtls.Handshaker;
import org.eclipse.californium.scandium.dtls.SessionListener;

/// Handshakes that are not complete: so many of each address, so that who begins one after the
/// other and ends none does not take all the places there are. All of them together are bounded by
/// the sessions that there may be. Thread-safe.
final class Handshakes implements SessionListener {
    private final int maxPerAddress;

    /// Guarded by itself.
    private final Map<InetAddress, Set<Handshaker>> underWay = new HashMap<>();

    Handshakes(int maxPerAddress) {
        this.maxPerAddress = maxPerAddress;
    }

    @Override
    public void handshakeStarted(Handshaker handshaker) throws HandshakeException {
        synchronized (underWay) {
            Set<Handshaker> ofAddress = underWay.computeIfAbsent(address(handshaker), _ -> new HashSet<>(2));
            if (ofAddress.size() < maxPerAddress) {
                ofAddress.add(handshaker);
                return;
            }
        }
        throw new HandshakeException(
                "more than " + maxPerAddress + " handshakes of one address",
                new AlertMessage(AlertLevel.FATAL, AlertDescription.HANDSHAKE_FAILURE));
    }

    @Override
    public void contextEstablished(Handshaker handshaker, DTLSContext context) {}

    @Override
    public void handshakeCompleted(Handshaker handshaker) {
        ended(handshaker);
    }

    @Override
    public void handshakeFailed(Handshaker handshaker, Throwable error) {
        ended(handshaker);
    }

    @Override
    public void handshakeFlightRetransmitted(Handshaker handshaker, int flight) {}

    private void ended(Handshaker handshaker) {
        InetAddress address = address(handshaker);
        synchronized (underWay) {
            Set<Handshaker> ofAddress = underWay.get(address);
            if (ofAddress != null && ofAddress.remove(handshaker) && ofAddress.isEmpty()) {
                underWay.remove(address);
            }
        }
    }

    private static InetAddress address(Handshaker handshaker) {
        return handshaker.getPeerAddress().getAddress();
    }
}
