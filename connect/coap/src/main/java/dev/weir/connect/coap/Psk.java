package dev.weir.connect.coap;

import dev.weir.engine.access.Access;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.PskSecretResult;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedPskStore;
import org.eclipse.californium.scandium.util.ServerNames;
import org.jspecify.annotations.Nullable;

/// The keys of the node's credentials, as DTLS asks for them.
final class Psk implements AdvancedPskStore {
    private static final int MAX_IDENTITY = 256;

    private final Access access;

    Psk(Access access) {
        this.access = access;
    }

    @Override
    public boolean hasEcdhePskSupported() {
        return true;
    }

    /// An unknown name has no key: the handshake then fails as it does with a wrong one.
    @Override
    public PskSecretResult requestPskSecretResult(
            ConnectionId connection,
            @Nullable ServerNames names,
            PskPublicInformation identity,
            String algorithm,
            @Nullable SecretKey other,
            byte[] seed,
            boolean extended) {
        Optional<byte[]> key = identity.length() > MAX_IDENTITY
                ? Optional.empty()
                : access.preSharedKey(identity.getPublicInfoAsString());
        return new PskSecretResult(connection, identity, key.map(Psk::secret).orElse(null));
    }

    static SecretKey secret(byte[] key) {
        try {
            return new SecretKeySpec(key, PskSecretResult.ALGORITHM_PSK);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    @Override
    public @Nullable PskPublicInformation getIdentity(InetSocketAddress peer, @Nullable ServerNames names) {
        return null;
    }

    @Override
    public void setResultHandler(HandshakeResultHandler handler) {}
}
