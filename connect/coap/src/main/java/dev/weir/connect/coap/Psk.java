package dev.weir.connect.coap;

import dev.weir.engine.access.Access;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.californium.elements.auth.AdditionalInfo;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
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
    private static final String MARK = "key";

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
        Object mark = key.map(Psk::mark).orElse("");
        return new PskSecretResult(connection, identity, key.map(Psk::secret).orElse(null), mark);
    }

    /// Adds to a session's owner by which key he came in; a resumed session keeps its mark.
    static @Nullable AdditionalInfo marked(Principal owner, @Nullable Object mark) {
        return mark instanceof String text ? AdditionalInfo.from(Map.of(MARK, text)) : null;
    }

    /// Which key a session began with; empty for who did not come with a key.
    static String markOf(@Nullable Principal owner) {
        String mark = owner instanceof PreSharedKeyIdentity psk
                ? psk.getExtendedInfo().get(MARK, String.class)
                : null;
        return mark == null ? "" : mark;
    }

    /// Whether the key that a session began with is still the key of its name: a session would
    /// outlive its credential otherwise when one of the same name follows.
    static boolean isStillTheKey(Access access, PreSharedKeyIdentity owner) {
        String now = access.preSharedKey(owner.getIdentity()).map(Psk::mark).orElse("");
        return !now.isEmpty() && now.equals(markOf(owner));
    }

    private static String mark(byte[] key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
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
