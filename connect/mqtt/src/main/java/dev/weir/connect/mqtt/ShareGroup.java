package dev.weir.connect.mqtt;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The members of one shared subscription, who get its messages in turn. Joining and leaving is
/// serialized by the topic tree's lock; [#next] needs none.
final class ShareGroup {
    private final String name;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile Subscription[] members;

    ShareGroup(String name, Subscription first) {
        this.name = name;
        this.members = new Subscription[] {first};
    }

    String name() {
        return name;
    }

    void join(Subscription member) {
        members = TopicTree.with(members, member);
    }

    boolean leave(Session session) {
        Subscription[] old = members;
        members = TopicTree.without(old, session);
        return members.length < old.length;
    }

    boolean isEmpty() {
        return members.length == 0;
    }

    /// Whose turn it is: the next member that is connected, or the next one if none is; of those
    /// that may have messages of that topic.
    @Nullable
    Subscription next(String topic) {
        Subscription[] all = members;
        if (all.length == 0) {
            return null;
        }
        int start = Math.floorMod(turn.getAndIncrement(), all.length);
        Subscription away = null;
        for (int i = 0; i < all.length; i++) {
            Subscription member = all[(start + i) % all.length];
            if (!member.takes(topic)) {
                continue;
            }
            if (member.session().isConnected()) {
                return member;
            }
            away = away == null ? member : away;
        }
        return away;
    }
}
