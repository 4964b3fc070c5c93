package dev.weir.node.access;

import dev.weir.engine.Meters;
import dev.weir.engine.access.Access;
import dev.weir.engine.access.Login;
import dev.weir.engine.tls.CertificateName;
import dev.weir.node.access.Credential.Use;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Access as one source sees it.
final class SourceAccess implements Access {
    private static final String UNKNOWN = "unknown-user";
    private static final String WRONG = "wrong-password";

    private final NodeAccess node;
    private final String source;
    private final Anonymous anonymous;
    private final Meters meters;

    SourceAccess(NodeAccess node, String source, Anonymous anonymous, Meters meters) {
        this.node = node;
        this.source = source;
        this.anonymous = anonymous;
        this.meters = meters;
    }

    @Override
    public Login password(String name, byte[] password, InetAddress from) throws InterruptedException {
        Optional<Credential> own = node.credentials().find(name);
        if (own.isPresent() && own.get().isSecret(password)) {
            return device(own.get());
        }
        return switch (node.passwords().check(name, password, from)) {
            case RIGHT -> granted(name, Kind.USER, () -> false);
            case WRONG -> refused(WRONG);
            case UNKNOWN -> refused(own.isPresent() ? WRONG : UNKNOWN);
            case TOO_SOON -> refused("too-many-failures");
            case BUSY -> refused("busy");
        };
    }

    @Override
    public Login token(String token, InetAddress from) {
        int dot = token.lastIndexOf('.');
        Optional<Credential> own =
                dot < 1 ? Optional.empty() : node.credentials().find(token.substring(0, dot));
        if (own.isEmpty()) {
            return refused(UNKNOWN);
        }
        byte[] secret = token.substring(dot + 1).getBytes(StandardCharsets.UTF_8);
        return own.get().isSecret(secret) ? device(own.get()) : refused(WRONG);
    }

    @Override
    public Login certificate(X509Certificate certificate, InetAddress from) {
        return CertificateName.CN
                .in(certificate)
                .map(name -> certified(name, from))
                .orElseGet(() -> refused("no-name"));
    }

    @Override
    public Login certified(String name, InetAddress from) {
        BooleanSupplier revoked = () -> node.credentials().isRevoked(name);
        return revoked.getAsBoolean() ? refused("revoked") : granted(name, Kind.CERTIFICATE, revoked);
    }

    @Override
    public Login anonymous(InetAddress from) {
        return anonymous.admits(from) ? granted(Rule.NOBODY, Kind.ANONYMOUS, () -> false) : refused("anonymous");
    }

    @Override
    public Optional<byte[]> preSharedKey(String name) {
        return key(name).map(Credential::key);
    }

    @Override
    public Login preShared(String name, InetAddress from) {
        return key(name).map(this::device).orElseGet(() -> refused(UNKNOWN));
    }

    private Optional<Credential> key(String name) {
        return node.credentials().find(name).filter(credential -> credential.use() == Use.PSK);
    }

    private Login device(Credential credential) {
        return granted(credential.name(), Kind.DEVICE, () -> !node.credentials().isCurrent(credential));
    }

    private Login granted(String name, Kind kind, BooleanSupplier revoked) {
        count("granted");
        return new Login.Granted(new Member(name, kind, node.rules(), revoked));
    }

    private Login refused(String reason) {
        count(reason);
        return new Login.Refused(reason);
    }

    private void count(String outcome) {
        meters.counter(
                        "weir_logins",
                        "Who wanted to come in, and what came of it",
                        "source",
                        source,
                        "outcome",
                        outcome)
                .increment();
    }
}
