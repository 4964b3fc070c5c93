package dev.weir.engine.tls;

import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;

/// TLS at a door: the node's certificate and key, and whether clients must have one. The files may
/// be replaced while the node runs: new connections get the new ones within a few seconds, and
/// files that are broken leave the old ones in use, with one line in the log. Thread-safe.
@SuppressWarnings("DoNotCallSuggester")
public final class ServerTls {
    private ServerTls() {}

    /// The options that a `tls:` block of a listener has beside its own: `certificate`, `key`,
    /// `client-ca`, `clients`.
    public static List<Option> options() {
        return List.of(
                Option.required("certificate", new Kind.Text(), "The PEM file of the certificate and its chain."),
                Option.required("key", new Kind.Text(), "The PEM file of the private key."));
    }

    /// Reads the files. What is wrong with them becomes a problem.
    public static Optional<ServerTls> of(Section options, Problems problems) {
        throw new UnsupportedOperationException("in work");
    }

    /// A context whose keys and trusted certificates follow the files; the same object always.
    public SSLContext context() {
        throw new UnsupportedOperationException("in work");
    }

    /// Whether clients are asked for a certificate, and need one.
    public Clients clients() {
        throw new UnsupportedOperationException("in work");
    }

    /// The verified certificate of the client, if it gave one.
    public static Optional<X509Certificate> clientCertificate(SSLSession session) {
        throw new UnsupportedOperationException("in work");
    }

    /// What clients show at the handshake.
    public enum Clients {
        /// They are not asked.
        NONE,
        /// They may show a certificate; who shows none says who he is by other means.
        OPTIONAL,
        /// The handshake fails without.
        REQUIRED
    }
}
