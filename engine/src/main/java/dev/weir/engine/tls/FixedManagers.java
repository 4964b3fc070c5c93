package dev.weir.engine.tls;

import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.TrustManagerFactorySpi;
import org.jspecify.annotations.Nullable;

/// Factories that give what they were made with, for libraries that take nothing else.
final class FixedManagers {
    private static final Provider PROVIDER = Security.getProviders()[0];

    private FixedManagers() {}

    static KeyManagerFactory of(KeyManager keys) {
        KeyManagerFactorySpi spi = new KeyManagerFactorySpi() {
            @Override
            protected void engineInit(@Nullable KeyStore store, char @Nullable [] password) {
                // It is complete already; libraries call this with what they have.
            }

            @Override
            protected void engineInit(@Nullable ManagerFactoryParameters parameters) {
                // As above.
            }

            @Override
            protected KeyManager[] engineGetKeyManagers() {
                return new KeyManager[] {keys};
            }
        };
        return new KeyManagerFactory(spi, PROVIDER, "followed") {};
    }

    static TrustManagerFactory of(TrustManager trust) {
        TrustManagerFactorySpi spi = new TrustManagerFactorySpi() {
            @Override
            protected void engineInit(@Nullable KeyStore store) {
                // It is complete already; libraries call this with what they have.
            }

            @Override
            protected void engineInit(@Nullable ManagerFactoryParameters parameters) {
                // As above.
            }

            @Override
            protected TrustManager[] engineGetTrustManagers() {
                return new TrustManager[] {trust};
            }
        };
        return new TrustManagerFactory(spi, PROVIDER, "followed") {};
    }
}
