package dev.weir.engine.tls;

import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// TLS towards another server: whom the node trusts, and its own certificate where the server wants
/// one. The files may be replaced while the node runs. Thread-safe.
@SuppressWarnings("DoNotCallSuggester")
public final class ClientTls {
    private ClientTls() {}

    /// The `tls:` block of a link: `ca` (the system's authorities when left out), `certificate`,
    /// `key`, `verify-host` (default true).
    public static Shape shape() {
        return Shape.of("TLS towards the server.", new Option[0]);
    }

    /// Reads the files. What is wrong with them becomes a problem.
    public static Optional<ClientTls> of(Section options, Problems problems) {
        throw new UnsupportedOperationException("in work");
    }

    /// A context for libraries that take one; the same object always.
    public SSLContext context() {
        throw new UnsupportedOperationException("in work");
    }

    /// For libraries that want the parts; empty without a certificate of our own.
    public Optional<KeyManagerFactory> keys() {
        throw new UnsupportedOperationException("in work");
    }

    /// For libraries that want the parts.
    public TrustManagerFactory trust() {
        throw new UnsupportedOperationException("in work");
    }

    /// Whether the server's certificate must be for the host that the link names.
    public boolean verifyHost() {
        throw new UnsupportedOperationException("in work");
    }
}
