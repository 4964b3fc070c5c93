package dev.weir.engine.tls;

import dev.weir.engine.Meters;
import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import java.nio.file.InvalidPathException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// TLS at a door: the node's certificate and key, and whether clients must have one. The files may
/// be replaced while the node runs: new connections get the new ones within a few seconds, and
/// files that are broken leave the old ones in use, with one line in the log. Thread-safe.
public final class ServerTls {
    static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    /// How long a client may go on with what an earlier handshake found out, where that is who it
    /// is: an authority that is taken out of the file is out for all after that.
    private static final int RESUMPTION_SECONDS = 300;

    private final FollowedFiles files;
    private final FollowingKeys keys;
    private final FollowingTrust trust;
    private final SSLContext context;
    private final Clients clients;
    private final CertificateName identity;

    private ServerTls(FollowedFiles files, Clients clients, CertificateName identity) {
        this.files = files;
        this.clients = clients;
        this.identity = identity;
        this.keys = new FollowingKeys(files);
        this.trust = new FollowingTrust(files);
        this.context = files.context(keys, trust);
        if (clients != Clients.NONE) {
            context.getServerSessionContext().setSessionTimeout(RESUMPTION_SECONDS);
        }
    }

    /// The options that a `tls:` block of a listener has beside its own: `certificate`, `key`,
    /// `client-ca`, `clients`, `identity`.
    public static List<Option> options() {
        return List.of(
                Option.required(
                        "certificate",
                        new Kind.Text(),
                        "the PEM file of the node's certificate and its chain; a new one is taken up without a"
                                + " restart"),
                Option.required(
                        "key", new Kind.Text(), "the PEM file of its private key, not encrypted: RSA, EC or Ed25519"),
                Option.optional("client-ca", new Kind.Text(), "the PEM file of the authorities that vouch for clients"),
                Option.optional(
                        "clients",
                        Kind.choice("none", "optional", "required"),
                        "whether clients show a certificate; `required` where `client-ca` is given, else `none`"),
                Option.defaulted(
                        "identity",
                        Kind.choice("cn", "san-dns", "san-email", "san-uri"),
                        "cn",
                        "which name in a client's certificate is its identity: the common name, or the first"
                                + " alternative name of a kind"));
    }

    /// Reads the files; blocks on the disk. What is wrong with them becomes a problem.
    public static Optional<ServerTls> of(Section options, Problems problems) {
        return of(options, problems, InstantSource.system());
    }

    static Optional<ServerTls> of(Section options, Problems problems, InstantSource clock) {
        if (!options.complete()) {
            return Optional.empty();
        }
        boolean hasAuthorities = options.has("client-ca");
        Clients clients = options.has("clients")
                ? Clients.valueOf(options.text("clients").toUpperCase(Locale.ROOT))
                : hasAuthorities ? Clients.REQUIRED : Clients.NONE;
        if (clients != Clients.NONE && !hasAuthorities) {
            problems.error(
                    options.at("clients"),
                    "clients: a client's certificate needs somebody who vouches for it: name the authorities' PEM"
                            + " file with 'client-ca'");
            return Optional.empty();
        }
        if (clients == Clients.NONE && hasAuthorities) {
            problems.warning(
                    options.at("client-ca"), "client-ca: is not used, since 'clients: none' asks nobody who he is");
        }
        try {
            TlsFiles files = new TlsFiles(
                    Optional.of(TlsFiles.own("certificate", options.text("certificate"))),
                    Optional.of(TlsFiles.own("key", options.text("key"))),
                    Optional.ofNullable(options.textOrNull("client-ca"))
                            .map(path -> TlsFiles.authorities("client-ca", path)),
                    false);
            return TlsOptions.read(files, options, problems, clock)
                    .map(read -> new ServerTls(read, clients, CertificateName.of(options.text("identity"))));
        } catch (InvalidPathException e) {
            problems.error(options.location(), "'" + e.getInput() + "' is no path: " + e.getReason());
            return Optional.empty();
        }
    }

    /// A context whose keys and trusted certificates follow the files; the same object always. To
    /// be used with [#parameters], which say what the context alone cannot.
    public SSLContext context() {
        return context;
    }

    /// What each socket or engine of the context has to be given: TLS 1.3 and 1.2, and whether the
    /// client is asked for a certificate. A new object each time.
    public SSLParameters parameters() {
        SSLParameters parameters = new SSLParameters();
        parameters.setProtocols(PROTOCOLS.clone());
        switch (clients) {
            case NONE -> {}
            case OPTIONAL -> parameters.setWantClientAuth(true);
            case REQUIRED -> parameters.setNeedClientAuth(true);
        }
        return parameters;
    }

    /// The key behind the context, for libraries that have a TLS of their own (DTLS).
    public X509ExtendedKeyManager keyManager() {
        return keys;
    }

    /// Whom the context believes, for libraries that have a TLS of their own (DTLS).
    public X509ExtendedTrustManager trustManager() {
        return trust;
    }

    /// Whether clients are asked for a certificate, and need one.
    public Clients clients() {
        return clients;
    }

    /// Which name in a client's certificate is its identity.
    public CertificateName identity() {
        return identity;
    }

    /// The name by which the owner of a verified certificate is known: what to ask
    /// [dev.weir.engine.access.Access#certified] about. Empty if the certificate has none of that
    /// kind.
    public Optional<String> identityIn(X509Certificate certificate) {
        return identity.in(certificate);
    }

    /// Shows how long the certificate is still good.
    ///
    /// @param source the name of the door in the config
    public void meter(Meters meters, String source) {
        meters.gauge(
                "weir_tls_certificate_expiry_seconds",
                "Seconds until the certificate of a door, or one of its issuers, expires",
                files::secondsToExpiry,
                "source",
                source);
    }

    /// The verified certificate of the client, if it gave one.
    public static Optional<X509Certificate> clientCertificate(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate first
                    ? Optional.of(first)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
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
