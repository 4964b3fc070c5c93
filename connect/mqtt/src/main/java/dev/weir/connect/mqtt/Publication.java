package dev.weir.connect.mqtt;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A message on its way to subscribers. Shared by all of them; immutable.
final class Publication {
    /// An expiry that never comes.
    static final long NEVER = Long.MAX_VALUE;

    final String topic;
    final byte[] topicBytes;
    final byte[] payload;
    final int qos;
    final boolean retain;
    final Properties properties;
    /// By the server's ticker, in nanoseconds, or [#NEVER].
    final long expiresAt;
    /// Client id of who published it, for no-local; null for the node itself.
    final @Nullable String publisher;

    private final int weight;

    Publication(
            String topic,
            byte[] payload,
            int qos,
            boolean retain,
            Properties properties,
            long expiresAt,
            @Nullable Session publisher) {
        this.topic = topic;
        this.topicBytes = topic.getBytes(StandardCharsets.UTF_8);
        this.payload = payload;
        this.qos = qos;
        this.retain = retain;
        this.properties = properties;
        this.expiresAt = expiresAt;
        this.publisher = publisher == null ? null : publisher.clientId();
        this.weight = weight(topicBytes.length, payload, properties);
    }

    /// About how many bytes of heap a message takes.
    static int weight(int topicLength, byte[] payload, Properties properties) {
        return 160 + 2 * topicLength + payload.length + properties.weight();
    }

    /// About how many bytes of heap it takes.
    int weight() {
        return weight;
    }

    boolean isExpired(long now) {
        return expiresAt != NEVER && expiresAt - now <= 0;
    }

    /// The properties for a subscriber, with the seconds that are left.
    Properties propertiesFor(long now, long[] subscriptionIds) {
        if (expiresAt == NEVER && subscriptionIds.length == 0) {
            return properties;
        }
        Properties.Builder out = Properties.builder();
        out.addAll(properties);
        if (expiresAt != NEVER) {
            long left = (expiresAt - now + 999_999_999) / 1_000_000_000;
            out.number(Property.MESSAGE_EXPIRY_INTERVAL, Math.clamp(left, 0, 0xffff_ffffL));
        }
        for (long id : subscriptionIds) {
            out.subscriptionId(id);
        }
        return out.build();
    }
}
