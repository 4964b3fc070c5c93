package dev.weir.connect.coap;

import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.tls.ClientTls;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedSinglePskStore;
import org.eclipse.californium.scandium.dtls.x509.KeyManagerCertificateProvider;

/// How the node shows a DTLS server who it is, and how it knows the server: by a key that both
/// have, or by certificates.
sealed interface ClientSecret {
    /// How many servers it is connected with at a time.
    int MAX_SESSIONS = 256;

    /// A key that both know. Shows nothing of the key as text.
    record Shared(String identity, SecretKey key) implements ClientSecret {
        @Override
        public String toString() {
            return "the key of '" + identity + "'";
        }
    }

    /// Certificates of authorities, and perhaps one of our own.
    record Certified(ClientTls tls) implements ClientSecret {}

    /// Reads it from the options of an action. What is wrong becomes a problem.
    static Optional<ClientSecret> of(Section options, boolean encrypted, Problems problems) {
        boolean shared = options.has("identity") || options.has("key");
        if (!encrypted) {
            if (shared || options.has("tls")) {
                problems.error(
                        options.at("url"), "'identity', 'key' and 'tls' are for DTLS: begin the URL with coaps://");
            }
            return Optional.empty();
        }
        if (shared == options.has("tls") || options.has("identity") != options.has("key")) {
            problems.error(
                    options.at("url"),
                    "coaps:// needs either 'identity' and 'key' (a pre-shared key), or 'tls' (certificates)");
            return Optional.empty();
        }
        return shared
                ? Optional.of(new Shared(
                        options.text("identity"), Psk.secret(options.text("key").getBytes(StandardCharsets.UTF_8))))
                : ClientTls.of(options.group("tls"), problems).map(Certified::new);
    }

    /// A DTLS socket on a port of the system's choice.
    default DTLSConnector socket(Configuration base, String name) {
        Configuration configuration = Settings.dtls(base, MAX_SESSIONS).set(DtlsConfig.DTLS_ROLE, DtlsRole.CLIENT_ONLY);
        if (this instanceof Certified(ClientTls tls)) {
            configuration.set(DtlsConfig.DTLS_VERIFY_SERVER_CERTIFICATES_SUBJECT, tls.verifyHost());
        }
        DtlsConnectorConfig.Builder builder = new DtlsConnectorConfig.Builder(configuration).setLoggingTag(name);
        switch (this) {
            case Shared(String identity, SecretKey key) ->
                builder.setAdvancedPskStore(new AdvancedSinglePskStore(identity, key));
            case Certified(ClientTls tls) -> {
                builder.setAdvancedCertificateVerifier(
                        new Trust((X509TrustManager) tls.trust().getTrustManagers()[0]));
                tls.keys()
                        .ifPresent(keys -> builder.setCertificateIdentityProvider(new KeyManagerCertificateProvider(
                                (X509KeyManager) keys.getKeyManagers()[0], CertificateType.X_509)));
            }
        }
        return new DTLSConnector(builder.build());
    }
}
