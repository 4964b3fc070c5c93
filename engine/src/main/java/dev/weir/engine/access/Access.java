package dev.weir.engine.access;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.Optional;

/// Tells who somebody at the door is. One for each source, since a source may have its own mind
/// about anonymous clients. Thread-safe.
public interface Access {
    /// Checks a name and a password. Takes tens of milliseconds of CPU on purpose, and waits while
    /// too many others are being checked.
    ///
    /// @param password as it came; not kept
    /// @param from where the client is
    Login password(String name, byte[] password, InetAddress from) throws InterruptedException;

    /// Checks a bearer token: the name and the secret of a credential, with a dot between them.
    Login token(String token, InetAddress from) throws InterruptedException;

    /// Who the owner of a certificate is that TLS has already verified, by its common name. Doors
    /// whose `tls:` block chooses the name call [#certified].
    Login certificate(X509Certificate certificate, InetAddress from);

    /// Who the owner of a certificate is that TLS has already verified.
    ///
    /// @param name what [dev.weir.engine.tls.ServerTls#identityIn] found in the certificate
    Login certified(String name, InetAddress from);

    /// Whether somebody may come in without saying who.
    Login anonymous(InetAddress from);

    /// The key of a credential that is made for DTLS with pre-shared keys; a copy that the caller
    /// may wipe.
    Optional<byte[]> preSharedKey(String name);

    /// Who somebody is that DTLS has verified by a pre-shared key.
    Login preShared(String name, InetAddress from);

    /// Lets everybody in and do everything: for tests of connectors.
    static Access open() {
        return new OpenAccess();
    }
}
