package dev.weir.connect.mqtt;

import dev.weir.connect.mqtt.Packet.Connect;
import dev.weir.engine.access.Access;
import dev.weir.engine.access.Identity;
import dev.weir.engine.access.Login;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Optional;

/// Finds out who a client is when it connects: by the certificate that TLS has verified, else by
/// its name and password, else by a password alone, which is a token, else it is anonymous.
final class Credentials {
    private static final byte[] NO_PASSWORD = {};

    private Credentials() {}

    /// Who the client is. Blocks while a password is checked.
    ///
    /// @throws Violation if it may not come in; the reason is counted
    static Identity check(Connect connect, Transport transport, Access access, MqttMeters meters)
            throws Violation, InterruptedException {
        Login login = login(connect, transport, access);
        return switch (login) {
            case Login.Granted(Identity identity) -> identity;
            case Login.Refused(String why) -> {
                meters.refused(why);
                Reason reason = why.equals("anonymous") ? Reason.NOT_AUTHORIZED : Reason.BAD_CREDENTIALS;
                throw new Violation(reason, why, "user '" + (connect.user() == null ? "" : connect.user()) + "'");
            }
        };
    }

    private static Login login(Connect connect, Transport transport, Access access) throws InterruptedException {
        Optional<X509Certificate> certificate = transport.certificate();
        if (certificate.isPresent()) {
            return access.certificate(certificate.get(), transport.address());
        }
        String user = connect.user();
        byte[] password = connect.password() == null ? NO_PASSWORD : connect.password();
        if (user != null) {
            return access.password(user, password, transport.address());
        }
        if (password.length > 0) {
            return access.token(new String(password, StandardCharsets.UTF_8), transport.address());
        }
        return access.anonymous(transport.address());
    }
}
