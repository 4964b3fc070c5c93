package dev.weir.testkit;

import dev.weir.engine.access.Access;
import dev.weir.engine.access.Identity;
import dev.weir.engine.access.Login;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Users whose password is their name backwards. Topics that begin with `secret/` are forbidden,
/// those with `hidden/` are hidden, and of `#` and `mixed/#` everybody gets a part.
public final class FakeAccess implements Access, Identity {
    /// Who is put out. Shared by all tests of a JVM: names in it are for one test only.
    public static final Set<String> REVOKED = ConcurrentHashMap.newKeySet();

    private final String name;

    /// The identity of a client.
    public FakeAccess(String name) {
        this.name = name;
    }

    private static String backwards(String text) {
        return new StringBuilder(text).reverse().toString();
    }

    @Override
    public Login password(String user, byte[] password, InetAddress from) {
        switch (user) {
            case "nobody" -> {
                return new Login.Refused("unknown-user");
            }
            case "busy", "too-many-failures" -> {
                return new Login.Refused(user);
            }
            default -> {}
        }
        return backwards(user).equals(new String(password, StandardCharsets.UTF_8))
                ? new Login.Granted(new FakeAccess(user))
                : new Login.Refused("wrong-password");
    }

    @Override
    public Login token(String token, InetAddress from) {
        int dot = token.indexOf('.');
        return password(token.substring(0, dot), token.substring(dot + 1).getBytes(StandardCharsets.UTF_8), from);
    }

    @Override
    public Login certificate(X509Certificate certificate, InetAddress from) {
        String subject = certificate.getSubjectX500Principal().getName();
        return certified(subject.replaceAll(".*CN=([^,]*).*", "$1"), from);
    }

    @Override
    public Login certified(String common, InetAddress from) {
        return new Login.Granted(new FakeAccess(common));
    }

    @Override
    public Login anonymous(InetAddress from) {
        return name.equals("open") ? new Login.Granted(new FakeAccess("anonymous")) : new Login.Refused("anonymous");
    }

    @Override
    public Optional<byte[]> preSharedKey(String of) {
        return Optional.empty();
    }

    @Override
    public Login preShared(String of, InetAddress from) {
        return new Login.Refused("unknown-user");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Verdict mayPublish(String topic, String client) {
        return topic.startsWith("secret/") ? Verdict.FORBIDDEN : Verdict.ALLOWED;
    }

    @Override
    public Verdict maySubscribe(String filter, String client) {
        if (filter.startsWith("secret/")) {
            return Verdict.FORBIDDEN;
        }
        if (filter.startsWith("hidden/")) {
            return Verdict.HIDDEN;
        }
        return filter.equals("#") || filter.startsWith("mixed/") ? Verdict.PARTLY : Verdict.ALLOWED;
    }

    @Override
    public boolean mayReceive(String topic, String client) {
        return !topic.startsWith("secret/") && !topic.startsWith("mixed/secret");
    }

    @Override
    public boolean isRevoked() {
        return REVOKED.contains(name);
    }
}
