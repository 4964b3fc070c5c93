package dev.weir.connect.mqtt;

import dev.weir.connect.mqtt.Topics.Filter;

/// A subscription of a session.
///
/// @param session whose it is
/// @param filter what it matches, and in which group
/// @param qos the most that is delivered
/// @param noLocal whether the session's own messages are left out
/// @param retainAsPublished whether messages keep their retain flag
/// @param id the subscription identifier; 0 for none
/// @param guarded whether not all that the filter matches may be received
record Subscription(
        Session session,
        Filter filter,
        int qos,
        boolean noLocal,
        boolean retainAsPublished,
        long id,
        boolean guarded) {
    /// Whether the subscriber may have messages of that topic.
    boolean takes(String topic) {
        return !guarded || session.mayReceive(topic);
    }
}
