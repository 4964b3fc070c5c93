package dev.weir.connect.coap;

import dev.weir.engine.config.Section;

/// What a CoAP source may take, in all and of one peer.
///
/// @param maxPayload the largest payload in bytes, put together from blocks
/// @param maxConcurrent how many requests may be under way
/// @param maxPeers how many peers are remembered
/// @param maxObservers how many observations may be open
/// @param maxObserversPerPeer how many of them may be one peer's
/// @param maxTransfers how many uploads in blocks may be under way
/// @param maxRate how many datagrams a second one address may send
record Limits(
        int maxPayload,
        int maxConcurrent,
        int maxPeers,
        int maxObservers,
        int maxObserversPerPeer,
        int maxTransfers,
        int maxRate) {
    /// What is in force when the config says nothing.
    static final Limits DEFAULT = new Limits(16 << 10, 256, 1024, 64, 16, 32, 5000);

    /// How many messages are remembered to recognise repetitions.
    int remembered() {
        return Math.max(4 * maxConcurrent, 8 * maxPeers);
    }

    static Limits of(Section options) {
        return new Limits(
                options.integer("max-payload"),
                options.integer("max-concurrent"),
                options.integer("max-peers"),
                options.integer("max-observers"),
                options.integer("max-observers-per-peer"),
                options.integer("max-transfers"),
                options.integer("max-rate"));
    }
}
