package dev.weir.connect.http;

import dev.weir.engine.access.Access;
import dev.weir.engine.access.Login;
import dev.weir.engine.tls.ServerTls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// Finds out who sends a request: by the certificate that TLS has verified, a bearer token, or a
/// name and password, in this order; else it is anonymous. Blocks while a password is checked.
final class Callers {
    private static final String CHALLENGE = "Bearer realm=\"weir\", Basic realm=\"weir\", charset=\"UTF-8\"";

    private final Access access;
    private final @Nullable ServerTls tls;

    /// @param tls where clients may have certificates; null without TLS
    Callers(Access access, @Nullable ServerTls tls) {
        this.access = access;
        this.tls = tls;
    }

    static InetAddress address(Request request) {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress socket
                        && socket.getAddress() != null
                ? socket.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    /// Who sends it.
    ///
    /// @param user the name in the query, where a dialect allows that; else null
    /// @param password likewise
    Caller identify(Request request, @Nullable String user, @Nullable String password)
            throws Refusal, InterruptedException {
        InetAddress from = address(request);
        Login login = login(request, from, user, password);
        return switch (login) {
            case Login.Granted(var identity) -> {
                String where = from.getHostAddress();
                String key = identity.name().equals("anonymous") ? where : identity.name();
                yield new Caller(identity, key, from, where + ":" + Request.getRemotePort(request));
            }
            case Login.Refused(String reason) -> throw refusal(reason);
        };
    }

    private static Refusal refusal(String reason) {
        return switch (reason) {
            case "busy" ->
                new Refusal(503, reason, "too many passwords are being checked: try again", Refusal.RETRY_AFTER);
            case "too-many-failures" ->
                new Refusal(429, reason, "too many wrong passwords: try again later", Refusal.RETRY_AFTER);
            case "anonymous" ->
                unauthorized(reason, "say who you are: with a bearer token, a name and password, or a certificate");
            default -> unauthorized(reason, "the credentials are not accepted");
        };
    }

    private static Refusal unauthorized(String reason, String detail) {
        return new Refusal(401, reason, detail, Map.of("WWW-Authenticate", CHALLENGE));
    }

    private Login login(Request request, InetAddress from, @Nullable String user, @Nullable String password)
            throws InterruptedException {
        Optional<X509Certificate> certificate = certificate(request);
        if (tls != null && certificate.isPresent()) {
            Optional<String> name = tls.identityIn(certificate.get());
            return name.isPresent() ? access.certified(name.get(), from) : new Login.Refused("no-name");
        }
        String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (header != null) {
            return authorization(header, from);
        }
        return user == null
                ? access.anonymous(from)
                : access.password(user, bytes(password == null ? "" : password), from);
    }

    private Login authorization(String header, InetAddress from) throws InterruptedException {
        int space = header.indexOf(' ');
        String scheme = space < 0 ? header : header.substring(0, space);
        String rest = space < 0 ? "" : header.substring(space + 1).strip();
        return switch (scheme.toLowerCase(Locale.ROOT)) {
            case "bearer" -> access.token(rest, from);
            // What InfluxDB 2 calls a bearer token, and its name and password for clients of version 1.
            case "token" -> rest.indexOf(':') < 0 ? access.token(rest, from) : pair(bytes(rest), from);
            case "basic" -> {
                try {
                    yield pair(Base64.getDecoder().decode(rest), from);
                } catch (IllegalArgumentException notBase64) {
                    yield new Login.Refused("wrong-password");
                }
            }
            default -> new Login.Refused("unknown-scheme");
        };
    }

    private Login pair(byte[] pair, InetAddress from) throws InterruptedException {
        int colon = 0;
        while (colon < pair.length && pair[colon] != ':') {
            colon++;
        }
        if (colon == pair.length) {
            return new Login.Refused("wrong-password");
        }
        byte[] password = Arrays.copyOfRange(pair, colon + 1, pair.length);
        try {
            return access.password(new String(pair, 0, colon, StandardCharsets.UTF_8), password, from);
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Optional<X509Certificate> certificate(Request request) {
        if (!(request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE) instanceof EndPoint.SslSessionData data)) {
            return Optional.empty();
        }
        SSLSession session = data.sslSession();
        return session == null ? Optional.empty() : ServerTls.clientCertificate(session);
    }
}
