package dev.weir.engine.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// What one reading of the files gave, ready for handshakes.
///
/// @param chain our own certificate first, then its issuers; empty without one
/// @param keys empty without a certificate of our own
/// @param trust whom to believe; empty where nobody is asked who he is
/// @param doubts what is allowed but probably not meant
record Material(
        List<X509Certificate> chain,
        Optional<X509ExtendedKeyManager> keys,
        Optional<X509ExtendedTrustManager> trust,
        List<TlsFileException> doubts) {
    private static final char[] NO_PASSWORD = {};

    static X509ExtendedKeyManager keys(PrivateKey key, List<X509Certificate> chain) throws GeneralSecurityException {
        KeyStore store = store();
        store.setKeyEntry("own", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, NO_PASSWORD);
        return (X509ExtendedKeyManager) factory.getKeyManagers()[0];
    }

    static X509ExtendedTrustManager trust(List<X509Certificate> authorities) throws GeneralSecurityException {
        KeyStore store = store();
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("authority-" + i, authorities.get(i));
        }
        return trust(store);
    }

    /// The authorities that the JDK trusts.
    static X509ExtendedTrustManager systemTrust() throws GeneralSecurityException {
        return trust((KeyStore) null);
    }

    @SuppressWarnings("NullAway") // null stands for the system's authorities
    private static X509ExtendedTrustManager trust(@org.jspecify.annotations.Nullable KeyStore store)
            throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    }

    private static KeyStore store() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            return store;
        } catch (IOException e) {
            throw new IllegalStateException("an empty key store needs no I/O", e);
        }
    }
}
