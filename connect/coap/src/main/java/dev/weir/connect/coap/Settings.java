package dev.weir.connect.coap;

import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;

/// Californium's settings, in code: its own way would write `Californium3.properties` into the
/// working directory.
final class Settings {
    /// How many exchanges of a peer are remembered to recognise repetitions. Whatever is under way
    /// must be among them, else its answer is lost.
    private static final int REMEMBERED_PER_PEER = 2 * Telemetry.MAX_PER_PEER;

    /// How many datagrams may wait to be sent.
    private static final int OUTGOING = 4096;

    private Settings() {}

    static Configuration server(SourceOptions options) {
        return common().set(CoapConfig.MAX_RESOURCE_BODY_SIZE, options.maxPayload())
                .set(CoapConfig.MAX_ACTIVE_PEERS, options.maxPeers())
                .set(CoapConfig.MAX_SERVER_OBSERVES, options.maxObservers())
                .set(CoapConfig.DEDUPLICATOR, CoapConfig.DEDUPLICATOR_PEERS_MARK_AND_SWEEP)
                .set(CoapConfig.PEERS_MARK_AND_SWEEP_MESSAGES, REMEMBERED_PER_PEER)
                .set(CoapConfig.BLOCKWISE_STATUS_LIFETIME, 60, TimeUnit.SECONDS);
    }

    static Configuration client() {
        return common().set(CoapConfig.MAX_ACTIVE_PEERS, 256);
    }

    private static Configuration common() {
        return new Configuration(CoapConfig.DEFINITIONS, UdpConfig.DEFINITIONS, SystemConfig.DEFINITIONS)
                .set(CoapConfig.PROTOCOL_STAGE_THREAD_COUNT, 1)
                .set(UdpConfig.UDP_RECEIVER_THREAD_COUNT, 1)
                .set(UdpConfig.UDP_SENDER_THREAD_COUNT, 1)
                .set(UdpConfig.UDP_CONNECTOR_OUT_CAPACITY, OUTGOING)
                .set(SystemConfig.HEALTH_STATUS_INTERVAL, 0, TimeUnit.SECONDS);
    }
}
