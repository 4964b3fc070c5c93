package dev.weir.engine.tls;

import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import java.nio.file.InvalidPathException;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/// TLS towards another server: whom the node trusts, and its own certificate where the server wants
/// one. The files may be replaced while the node runs. Thread-safe.
public final class ClientTls {
    private final FollowingKeys keys;
    private final FollowingTrust trust;
    private final SSLContext context;
    private final boolean hasCertificate;
    private final boolean verifyHost;

    private ClientTls(FollowedFiles files, boolean hasCertificate, boolean verifyHost) {
        this.keys = new FollowingKeys(files);
        this.trust = new FollowingTrust(files);
        this.context = files.context(keys, trust);
        this.hasCertificate = hasCertificate;
        this.verifyHost = verifyHost;
    }

    /// The `tls:` block of a link: `ca` (the system's authorities when left out), `certificate`,
    /// `key`, `verify-host` (default true).
    public static Shape shape() {
        return Shape.of(
                "TLS 1.3 or 1.2 towards the server.",
                Option.optional(
                        "ca",
                        new Kind.Text(),
                        "the PEM file of the authorities that vouch for the server; those of the Java runtime when"
                                + " left out"),
                Option.optional(
                        "certificate",
                        new Kind.Text(),
                        "the PEM file of the node's own certificate and its chain, where the server wants one"),
                Option.optional(
                        "key", new Kind.Text(), "the PEM file of its private key, not encrypted: RSA, EC or Ed25519"),
                Option.defaulted(
                        "verify-host",
                        new Kind.Flag(),
                        "true",
                        "whether the server's certificate must be for the host of the URL; without, every server that"
                                + " an authority vouches for is believed"));
    }

    /// Reads the files; blocks on the disk. What is wrong with them becomes a problem.
    public static Optional<ClientTls> of(Section options, Problems problems) {
        return of(options, problems, InstantSource.system());
    }

    static Optional<ClientTls> of(Section options, Problems problems, InstantSource clock) {
        if (!options.complete()) {
            return Optional.empty();
        }
        boolean hasCertificate = options.has("certificate");
        if (hasCertificate != options.has("key")) {
            problems.error(
                    options.location(),
                    hasCertificate
                            ? "certificate: needs its private key too: add 'key'"
                            : "key: needs its certificate too: add 'certificate'");
            return Optional.empty();
        }
        try {
            TlsFiles files = new TlsFiles(
                    Optional.ofNullable(options.textOrNull("certificate"))
                            .map(path -> TlsFiles.own("certificate", path)),
                    Optional.ofNullable(options.textOrNull("key")).map(path -> TlsFiles.own("key", path)),
                    Optional.ofNullable(options.textOrNull("ca")).map(path -> TlsFiles.authorities("ca", path)),
                    true);
            return TlsOptions.read(files, options, problems, clock)
                    .map(read -> new ClientTls(read, hasCertificate, options.flag("verify-host")));
        } catch (InvalidPathException e) {
            problems.error(options.location(), "'" + e.getInput() + "' is no path: " + e.getReason());
            return Optional.empty();
        }
    }

    /// TLS with the runtime's authorities and no certificate of our own: what a link has whose URL
    /// says TLS and whose config says no more.
    public static ClientTls ofSystem() {
        try {
            TlsFiles files = new TlsFiles(Optional.empty(), Optional.empty(), Optional.empty(), true);
            return new ClientTls(FollowedFiles.read(files, InstantSource.system()), false, true);
        } catch (TlsFileException e) {
            throw new IllegalStateException("no file was asked for", e);
        }
    }

    /// A context for libraries that take one; the same object always. It does not check the
    /// server's name by itself: [#parameters] do.
    public SSLContext context() {
        return context;
    }

    /// What each socket or engine of the context has to be given: TLS 1.3 and 1.2, and the check of
    /// the server's name where it is wanted. A new object each time.
    public SSLParameters parameters() {
        SSLParameters parameters = new SSLParameters();
        parameters.setProtocols(ServerTls.PROTOCOLS.clone());
        if (verifyHost) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        return parameters;
    }

    /// For libraries that want the parts; empty without a certificate of our own.
    public Optional<KeyManagerFactory> keys() {
        return hasCertificate ? Optional.of(FixedManagers.of(keys)) : Optional.empty();
    }

    /// For libraries that want the parts.
    public TrustManagerFactory trust() {
        return FixedManagers.of(trust);
    }

    /// Whether the server's certificate must be for the host that the link names.
    public boolean verifyHost() {
        return verifyHost;
    }
}
