package dev.weir.engine.access;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.Optional;

/// Knows everybody and allows everything.
final class OpenAccess implements Access {
    private record Anybody(String name) implements Identity {
        @Override
        public Verdict mayPublish(String topic, String client) {
            return Verdict.ALLOWED;
        }

        @Override
        public Verdict maySubscribe(String filter, String client) {
            return Verdict.ALLOWED;
        }

        @Override
        public boolean mayReceive(String topic, String client) {
            return true;
        }

        @Override
        public boolean isRevoked() {
            return false;
        }
    }

    private static Login granted(String name) {
        return new Login.Granted(new Anybody(name));
    }

    @Override
    public Login password(String name, byte[] password, InetAddress from) {
        return granted(name);
    }

    @Override
    public Login token(String token, InetAddress from) {
        return granted("token");
    }

    @Override
    public Login certificate(X509Certificate certificate, InetAddress from) {
        return granted(certificate.getSubjectX500Principal().getName());
    }

    @Override
    public Login certified(String name, InetAddress from) {
        return granted(name);
    }

    @Override
    public Login anonymous(InetAddress from) {
        return granted("anonymous");
    }

    @Override
    public Optional<byte[]> preSharedKey(String name) {
        return Optional.empty();
    }

    @Override
    public Login preShared(String name, InetAddress from) {
        return granted(name);
    }
}
