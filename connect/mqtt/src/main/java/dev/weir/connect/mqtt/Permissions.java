package dev.weir.connect.mqtt;

import dev.weir.engine.access.Identity;
import dev.weir.engine.access.Identity.Verdict;
import org.jspecify.annotations.Nullable;

/// What a connected client may publish, with the verdicts about the topics that it used last, so
/// that a device that publishes to the same few topics costs no look at the rules.
///
/// Bounded: [#SLOTS] topics. Verdicts are forgotten every second or so ([#forget]). Belongs to one
/// connection's reader, [#forget] excepted.
final class Permissions {
    static final int SLOTS = 4;

    private final Identity identity;
    private final String client;

    /// Dropped by any thread, made and filled by the reader.
    private volatile @Nullable Known @Nullable [] known;

    private record Known(String topic, boolean allowed) {}

    Permissions(Identity identity, String client) {
        this.identity = identity;
        this.client = client;
    }

    boolean mayPublish(String topic) {
        @Nullable Known[] slots = known;
        if (slots == null) {
            slots = new @Nullable Known[SLOTS];
            known = slots;
        }
        int slot = topic.hashCode() & SLOTS - 1;
        Known entry = slots[slot];
        if (entry == null || !entry.topic.equals(topic)) {
            entry = new Known(topic, allows(identity, topic, client));
            slots[slot] = entry;
        }
        return entry.allowed;
    }

    /// Lets the rules be asked again.
    void forget() {
        known = null;
    }

    /// Whether a client may publish to a topic; those under `$SYS` are the server's own.
    static boolean allows(Identity identity, String topic, String client) {
        return !Topics.isServers(topic) && identity.mayPublish(topic, client) == Verdict.ALLOWED;
    }

    /// What is answered to a wish for a subscription; [Reason#SUCCESS] where nothing is against it.
    static Reason subscribing(Verdict verdict) {
        return switch (verdict) {
            case ALLOWED, PARTLY -> Reason.SUCCESS;
            case FORBIDDEN -> Reason.NOT_AUTHORIZED;
            case HIDDEN -> Reason.UNSPECIFIED;
        };
    }
}
