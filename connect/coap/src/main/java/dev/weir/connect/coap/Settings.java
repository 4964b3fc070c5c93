package dev.weir.connect.coap;

import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.elements.config.CertificateAuthenticationMode;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;

/// Californium's settings, in code: its own way would write `Californium3.properties` into the
/// working directory.
final class Settings {
    /// How many datagrams may wait to be sent, or to be decrypted.
    private static final int WAITING = 4096;

    private static final int HANDSHAKES_WAITING = 512;

    private Settings() {}

    static Configuration server(Limits limits) {
        return common().set(CoapConfig.MAX_RESOURCE_BODY_SIZE, limits.maxPayload())
                .set(CoapConfig.MAX_ACTIVE_PEERS, limits.maxPeers())
                // What is kept to answer repetitions is the answer, not the question.
                .set(CoapConfig.USE_MESSAGE_OFFLOADING, true)
                // Else peers who are gone would keep new ones from getting a message id.
                .set(CoapConfig.MAX_PEER_INACTIVITY_PERIOD, 1, TimeUnit.SECONDS)
                .set(CoapConfig.MAX_SERVER_OBSERVES, limits.maxObservers())
                .set(
                        CoapConfig.BLOCKWISE_STATUS_LIFETIME,
                        (int) (Uploads.IDLE_NANOS / 1_000_000),
                        TimeUnit.MILLISECONDS);
    }

    static Configuration client() {
        return common().set(CoapConfig.MAX_ACTIVE_PEERS, 256);
    }

    private static Configuration common() {
        return new Configuration(
                        CoapConfig.DEFINITIONS, UdpConfig.DEFINITIONS, DtlsConfig.DEFINITIONS, SystemConfig.DEFINITIONS)
                .set(CoapConfig.PROTOCOL_STAGE_THREAD_COUNT, 1)
                .set(UdpConfig.UDP_RECEIVER_THREAD_COUNT, 1)
                .set(UdpConfig.UDP_SENDER_THREAD_COUNT, 1)
                .set(UdpConfig.UDP_CONNECTOR_OUT_CAPACITY, WAITING)
                .set(SystemConfig.HEALTH_STATUS_INTERVAL, 0, TimeUnit.SECONDS);
    }

    /// Those of a DTLS server, added to those of [#server]. Californium would rather not have the
    /// two settings that make a short handshake no cheaper for a forger than a long one.
    @SuppressWarnings("deprecation")
    static Configuration dtls(Configuration base, DtlsOptions options) {
        return dtls(base, options.maxSessions())
                .set(DtlsConfig.DTLS_ROLE, DtlsRole.SERVER_ONLY)
                .set(DtlsConfig.DTLS_STALE_CONNECTION_THRESHOLD, options.idle().toMillis(), TimeUnit.MILLISECONDS)
                // Nothing is kept of a hello until its sender has shown that it gets our answers,
                // resumed sessions and short handshakes included.
                .set(DtlsConfig.DTLS_USE_HELLO_VERIFY_REQUEST, true)
                .set(DtlsConfig.DTLS_USE_HELLO_VERIFY_REQUEST_FOR_PSK, true)
                .set(DtlsConfig.DTLS_VERIFY_PEERS_ON_RESUMPTION_THRESHOLD, 0)
                // Devices behind a NAT keep their session when their address changes (RFC 9146).
                .set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, 6)
                .set(
                        DtlsConfig.DTLS_CLIENT_AUTHENTICATION_MODE,
                        options.tls()
                                .map(tls -> switch (tls.clients()) {
                                    case NONE -> CertificateAuthenticationMode.NONE;
                                    case OPTIONAL -> CertificateAuthenticationMode.WANTED;
                                    case REQUIRED -> CertificateAuthenticationMode.NEEDED;
                                })
                                .orElse(CertificateAuthenticationMode.NONE));
    }

    /// What both sides of DTLS have in common.
    static Configuration dtls(Configuration base, int maxSessions) {
        return base.set(DtlsConfig.DTLS_MAX_CONNECTIONS, maxSessions)
                .set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1)
                .set(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT, 1)
                .set(DtlsConfig.DTLS_MAX_PENDING_OUTBOUND_JOBS, WAITING)
                .set(DtlsConfig.DTLS_MAX_PENDING_INBOUND_JOBS, WAITING)
                .set(DtlsConfig.DTLS_MAX_PENDING_HANDSHAKE_RESULT_JOBS, HANDSHAKES_WAITING)
                // A handshake that stops half-way holds its place for seven seconds.
                .set(DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT, 1, TimeUnit.SECONDS)
                .set(DtlsConfig.DTLS_MAX_RETRANSMISSIONS, 2);
    }
}
