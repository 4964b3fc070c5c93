package dev.weir.connect.coap;

import dev.weir.engine.access.Access;
import dev.weir.engine.access.Identity;
import dev.weir.engine.access.Login;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A node's access for tests: devices with keys, each of which may send to and read what begins
/// with `own/NAME` and `latest/climate/NAME`; others only where it is said.
final class Keyring implements Access {
    final Map<String, String> keys = new ConcurrentHashMap<>();
    final Set<String> certified = ConcurrentHashMap.newKeySet();
    final Set<String> revoked = ConcurrentHashMap.newKeySet();
    volatile boolean anonymous;

    /// Grows when a credential of the same name takes the place of another.
    volatile int generation;

    private final class Device implements Identity {
        private final String name;
        private final int made = generation;

        Device(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Verdict mayPublish(String topic, String client) {
            if (topic.equals("secret")) {
                return Verdict.HIDDEN;
            }
            return topic.startsWith("own/" + name) ? Verdict.ALLOWED : Verdict.FORBIDDEN;
        }

        @Override
        public Verdict maySubscribe(String filter, String client) {
            return mayReceive(filter, client) ? Verdict.ALLOWED : Verdict.FORBIDDEN;
        }

        @Override
        public boolean mayReceive(String topic, String client) {
            return topic.equals("latest/climate/" + name);
        }

        @Override
        public boolean isRevoked() {
            return made != generation || revoked.contains(name);
        }
    }

    private Login login(String name, boolean known) {
        return known && !revoked.contains(name)
                ? new Login.Granted(new Device(name))
                : new Login.Refused("unknown-user");
    }

    @Override
    public Login password(String name, byte[] password, InetAddress from) {
        return new Login.Refused("unknown-user");
    }

    @Override
    public Login token(String token, InetAddress from) {
        return new Login.Refused("unknown-user");
    }

    @Override
    public Login certificate(X509Certificate certificate, InetAddress from) {
        return new Login.Refused("unknown-user");
    }

    @Override
    public Login certified(String name, InetAddress from) {
        return login(name, certified.contains(name));
    }

    @Override
    public Login anonymous(InetAddress from) {
        return login("anonymous", anonymous);
    }

    @Override
    public Optional<byte[]> preSharedKey(String name) {
        return Optional.ofNullable(keys.get(name)).map(key -> key.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Login preShared(String name, InetAddress from) {
        return login(name, keys.containsKey(name));
    }
}
