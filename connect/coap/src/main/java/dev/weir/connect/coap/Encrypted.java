package dev.weir.connect.coap;

import dev.weir.engine.access.Access;
import dev.weir.engine.tls.ServerTls;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.californium.elements.Connector;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.DatagramFilter;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.Record;
import org.eclipse.californium.scandium.dtls.x509.KeyManagerCertificateProvider;

/// Makes the DTLS socket of a source. Certificates and authorities are asked for at each handshake,
/// so that new files are taken up by new sessions.
final class Encrypted {
    /// The share of the sessions that one address may hold while it has not shown who it is.
    private static final int HANDSHAKES_SHARE = 4;

    private Encrypted() {}

    static Connector socket(
            InetSocketAddress address,
            Configuration configuration,
            DtlsOptions options,
            Access access,
            DatagramFilter filter,
            String name) {
        DtlsConnectorConfig.Builder builder = new DtlsConnectorConfig.Builder(configuration)
                .setAddress(address)
                .setLoggingTag(name)
                .setDatagramFilter(filter);
        if (options.psk()) {
            builder.setAdvancedPskStore(new Psk(access)).setApplicationLevelInfoSupplier(Psk::marked);
        }
        options.tls().ifPresent(tls -> {
            builder.setCertificateIdentityProvider(
                    new KeyManagerCertificateProvider(tls.keyManager(), CertificateType.X_509));
            if (tls.clients() != ServerTls.Clients.NONE) {
                builder.setAdvancedCertificateVerifier(new Trust(tls.trustManager()));
            }
        });
        builder.setSessionListener(new Handshakes(Math.max(1, options.maxSessions() / HANDSHAKES_SHARE)));
        return new DTLSConnector(builder.build());
    }

    /// Drops what is beyond an address's rate before anything is decrypted.
    record Filter(Rates rates, LongAdder dropped) implements DatagramFilter {
        @Override
        public boolean onReceiving(DatagramPacket datagram) {
            boolean wanted = BoundedSocket.isAnswerable(datagram.getAddress(), datagram.getPort())
                    && rates.take(datagram.getAddress());
            if (!wanted) {
                dropped.increment();
            }
            return wanted;
        }

        @Override
        public boolean onReceiving(Record record, Connection connection) {
            return true;
        }

        @Override
        public boolean onMacError(Record record, Connection connection) {
            return false;
        }
    }
}
