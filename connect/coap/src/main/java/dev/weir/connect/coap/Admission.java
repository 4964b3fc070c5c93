package dev.weir.connect.coap;

import dev.weir.engine.Inlet;
import dev.weir.engine.access.Access;
import dev.weir.engine.access.Identity;
import dev.weir.engine.access.Identity.Verdict;
import dev.weir.engine.access.Login;
import java.net.InetAddress;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.elements.auth.X509CertPath;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who sent a request, and whether that one may. Who was let in is remembered for so many peers, as
/// long as the credential is not revoked. Thread-safe; does not block.
final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Access access;
    private final Function<X509Certificate, Optional<String>> identityIn;
    private final Inlet inlet;
    private final String source;
    private final LongSupplier nanoClock;

    /// Guarded by itself; in the order of last use.
    private final Map<Key, Identity> known;

    /// Guarded by this: refusals since the last line in the log, and when that was.
    private long untold;

    private long told;
    private boolean everTold;

    /// Somebody at an address; null for those who did not say who they are.
    ///
    /// @param mark which key the session began with
    private record Key(@Nullable Principal principal, String mark, InetAddress from) {}

    /// @param identityIn finds the name in a certificate
    /// @param maxKnown how many are remembered
    Admission(
            Access access,
            Function<X509Certificate, Optional<String>> identityIn,
            Inlet inlet,
            String source,
            int maxKnown,
            LongSupplier nanoClock) {
        this.access = access;
        this.identityIn = identityIn;
        this.inlet = inlet;
        this.source = source;
        this.nanoClock = nanoClock;
        this.known = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Key, Identity> eldest) {
                return size() > maxKnown;
            }
        };
    }

    /// Whether a message may be sent to a path.
    ///
    /// @return the code to refuse it with, or null; a refusal is counted and, now and then, logged
    @Nullable
    ResponseCode publish(Request request, String path) {
        Identity identity = identity(request);
        ResponseCode refusal =
                identity == null ? ResponseCode.UNAUTHORIZED : code(identity.mayPublish(path, identity.name()));
        if (refusal != null) {
            inlet.rejected("not-authorized");
            tell(request, identity, path);
        }
        return refusal;
    }

    /// Whether the value at a path (`latest/STREAM/DEVICE`) may be read.
    ///
    /// @return the code to refuse it with, or null
    @Nullable
    ResponseCode read(Request request, String path) {
        Identity identity = identity(request);
        if (identity == null) {
            tell(request, null, path);
            return ResponseCode.UNAUTHORIZED;
        }
        Verdict verdict = identity.maySubscribe(path, identity.name());
        boolean partly = verdict == Verdict.PARTLY && identity.mayReceive(path, identity.name());
        ResponseCode refusal = partly ? null : code(verdict);
        if (refusal != null) {
            tell(request, identity, path);
        }
        return refusal;
    }

    /// The same, without a word about it: for lists.
    boolean maySee(Request request, String path) {
        Identity identity = identity(request);
        return identity != null && identity.mayReceive(path, identity.name());
    }

    private static @Nullable ResponseCode code(Verdict verdict) {
        return switch (verdict) {
            case ALLOWED -> null;
            case PARTLY, FORBIDDEN -> ResponseCode.FORBIDDEN;
            case HIDDEN -> ResponseCode.BAD_REQUEST;
        };
    }

    private @Nullable Identity identity(Request request) {
        Principal principal = request.getSourceContext().getPeerIdentity();
        Key key = new Key(
                principal,
                Psk.markOf(principal),
                request.getSourceContext().getPeerAddress().getAddress());
        synchronized (known) {
            Identity identity = known.get(key);
            if (identity != null && !identity.isRevoked()) {
                return identity;
            }
        }
        Identity identity = switch (login(principal, key.from)) {
            case Login.Granted(Identity granted) when !granted.isRevoked() -> granted;
            case Login.Granted _, Login.Refused _ -> null;
        };
        synchronized (known) {
            if (identity == null) {
                known.remove(key);
            } else {
                known.put(key, identity);
            }
        }
        return identity;
    }

    private Login login(@Nullable Principal principal, InetAddress from) {
        return switch (principal) {
            case null -> access.anonymous(from);
            case PreSharedKeyIdentity psk ->
                Psk.isStillTheKey(access, psk)
                        ? access.preShared(psk.getIdentity(), from)
                        : new Login.Refused("unknown-user");
            case X509CertPath path ->
                identityIn
                        .apply(path.getTarget())
                        .map(name -> access.certified(name, from))
                        .orElseGet(() -> new Login.Refused("unknown-user"));
            default -> new Login.Refused("unknown-user");
        };
    }

    /// One line a minute, whatever the number.
    private void tell(Request request, @Nullable Identity identity, String path) {
        long now = nanoClock.getAsLong();
        long count;
        synchronized (this) {
            untold++;
            if (everTold && now - told < QUIET_NANOS) {
                return;
            }
            everTold = true;
            told = now;
            count = untold;
            untold = 0;
        }
        LOG.warn(
                "Source {} refused {} requests; the last: {} of {} from {} to '{}'. Its credential or the rules under"
                        + " 'access:' do not allow it",
                source,
                count,
                request.getCode(),
                identity == null ? "nobody known" : "'" + cut(identity.name()) + "'",
                request.getSourceContext().getPeerAddress(),
                cut(path));
    }

    private static String cut(String text) {
        String shown = text.length() <= 80 ? text : text.substring(0, 80) + "…";
        return shown.replaceAll("\\p{Cntrl}", "?");
    }
}
