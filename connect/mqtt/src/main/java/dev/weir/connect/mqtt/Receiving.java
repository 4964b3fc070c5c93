package dev.weir.connect.mqtt;

import dev.weir.engine.Inlet;
import dev.weir.engine.Receipt;
import org.jspecify.annotations.Nullable;

/// A QoS 1 or 2 message from a client that was handed to the inlet. It is acknowledged once two
/// things are known: the inlet's receipt, and whether a subscriber matched.
final class Receiving implements Inlet.Ack {
    private static final int UNKNOWN = 0;
    private static final int NOBODY = 1;
    private static final int SOMEBODY = 2;

    final Outbox outbox;
    final int packetId;
    final int qos;

    /// Why it was not even handed over; null if it was.
    private final @Nullable Reason refusal;

    /// Written once by whoever settles, read by everybody.
    private volatile @Nullable Receipt receipt;
    /// Written once by the reader, read by everybody.
    private volatile int matched = UNKNOWN;
    /// The same QoS 2 message, sent again over a later connection while this one was undecided.
    private volatile @Nullable Receiving again;

    Receiving(Outbox outbox, int packetId, int qos) {
        this(outbox, packetId, qos, null);
    }

    private Receiving(Outbox outbox, int packetId, int qos, @Nullable Reason refusal) {
        this.refusal = refusal;
        this.outbox = outbox;
        this.packetId = packetId;
        this.qos = qos;
    }

    /// One that is not handed over, but acknowledged in its turn like the others (MQTT-4.6.0-2).
    static Receiving refused(Outbox outbox, int packetId, int qos, Reason why) {
        return new Receiving(outbox, packetId, qos, why);
    }

    @Override
    public void settle(Receipt result) {
        receipt = result;
        Receiving repeat = again;
        if (repeat != null) {
            repeat.settle(result);
        }
        outbox.settled();
    }

    /// Tells whether a subscriber matched.
    void routed(boolean somebody) {
        matched = somebody ? SOMEBODY : NOBODY;
        Receiving repeat = again;
        if (repeat != null) {
            repeat.routed(somebody);
        }
    }

    /// Lets `repeat` learn what becomes of this one.
    void repeatedAs(Receiving repeat) {
        again = repeat;
        if (matched != UNKNOWN) {
            repeat.matched = matched;
        }
        Receipt known = receipt;
        if (known != null) {
            repeat.settle(known);
        }
    }

    boolean isDecided() {
        return refusal != null || receipt != null && matched != UNKNOWN;
    }

    /// What the client is told; only once it is decided.
    Reason reason() {
        if (refusal != null) {
            return refusal;
        }
        Receipt known = receipt;
        if (known == null) {
            throw new IllegalStateException("packet " + packetId + " is not settled");
        }
        return switch (known) {
            case Receipt.Accepted() -> Reason.SUCCESS;
            case Receipt.Unmatched() -> matched == SOMEBODY ? Reason.SUCCESS : Reason.NO_MATCHING_SUBSCRIBERS;
            case Receipt.Undecodable(String why, String detail) -> Reason.PAYLOAD_FORMAT_INVALID;
            case Receipt.Overloaded() -> Reason.QUOTA_EXCEEDED;
        };
    }

    /// More for the device's developer; null if there is nothing to say.
    @Nullable
    String detail() {
        return receipt instanceof Receipt.Undecodable(String why, String detail) ? why + ": " + detail : null;
    }
}
