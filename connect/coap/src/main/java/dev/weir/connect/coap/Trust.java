package dev.weir.connect.coap;

import java.net.InetSocketAddress;
import java.security.cert.CertPath;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.X509TrustManager;
import javax.security.auth.x500.X500Principal;
import org.eclipse.californium.scandium.dtls.AlertMessage;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertLevel;
import org.eclipse.californium.scandium.dtls.CertificateMessage;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.CertificateVerificationResult;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.x509.NewAdvancedCertificateVerifier;
import org.eclipse.californium.scandium.dtls.x509.StaticNewAdvancedCertificateVerifier;
import org.eclipse.californium.scandium.util.ServerNames;
import org.jspecify.annotations.Nullable;

/// Lets a trust manager of Java judge the certificates of the other side.
final class Trust implements NewAdvancedCertificateVerifier {
    private static final String KEY_EXCHANGE = "UNKNOWN";

    /// Californium's check of the name; it believes nobody.
    private static final StaticNewAdvancedCertificateVerifier SUBJECT =
            new StaticNewAdvancedCertificateVerifier(new X509Certificate[0], null, List.of(CertificateType.X_509));

    private final X509TrustManager manager;

    Trust(X509TrustManager manager) {
        this.manager = manager;
    }

    @Override
    public List<CertificateType> getSupportedCertificateTypes() {
        return List.of(CertificateType.X_509);
    }

    @Override
    public CertificateVerificationResult verifyCertificate(
            ConnectionId connection,
            @Nullable ServerNames names,
            InetSocketAddress peer,
            boolean clientUsage,
            boolean verifySubject,
            boolean truncate,
            CertificateMessage message) {
        CertPath path = message.getCertificateChain();
        try {
            if (path == null) {
                throw new CertificateException("a raw public key is no certificate");
            }
            X509Certificate[] chain = path.getCertificates().toArray(X509Certificate[]::new);
            if (chain.length > 0 && clientUsage) {
                manager.checkClientTrusted(chain, KEY_EXCHANGE);
            } else if (chain.length > 0) {
                manager.checkServerTrusted(chain, KEY_EXCHANGE);
            }
            if (verifySubject && chain.length > 0) {
                SUBJECT.verifyCertificatesSubject(names, peer, chain[0]);
            }
            return new CertificateVerificationResult(connection, path, null);
        } catch (HandshakeException anotherName) {
            return new CertificateVerificationResult(connection, anotherName, null);
        } catch (CertificateException | IllegalArgumentException | ArrayStoreException unfit) {
            AlertMessage alert = new AlertMessage(AlertLevel.FATAL, AlertDescription.BAD_CERTIFICATE);
            return new CertificateVerificationResult(
                    connection, new HandshakeException(String.valueOf(unfit.getMessage()), alert), null);
        }
    }

    @Override
    public List<X500Principal> getAcceptedIssuers() {
        return Arrays.stream(manager.getAcceptedIssuers())
                .map(X509Certificate::getSubjectX500Principal)
                .toList();
    }

    @Override
    public void setResultHandler(HandshakeResultHandler handler) {}
}
