package dev.weir.engine.stage;

import java.util.LinkedHashMap;
import java.util.Map;

/// The watermark of windows that several devices share: how far all of them have come.
///
/// Each device has its own watermark; the shared one is the least of those that are waited for.
/// So a fast device does not make readings of another late. Not waited for is
///
/// - a silent device: one that sent nothing while the node received other readings of this key
///   for as long as a window and its lateness;
/// - a device whose clock is far behind: more than [#REACH] windows behind the one furthest ahead,
///   where clocks that are ahead of the receive time by more than a window do not count.
///
/// A slow device thus delays a result by a bounded time, and a silent or wrongly set one not at
/// all; its readings still count as long as their window is open. Guarded by the key's shard.
final class SharedWatermark {
    /// Bytes for one device.
    static final long MEMBER_BYTES = 160;

    /// How many windows behind the first a device may be to be waited for.
    static final int REACH = 8;

    /// How many devices of one key are followed; beyond it the one heard least recently is not.
    static final int MEMBERS = 1024;

    private final long size;
    private final long lateness;
    private final LinkedHashMap<String, Member> members = new LinkedHashMap<>(4, 0.75f, true);
    private String slowest = "";
    private long received = Watermark.NONE;
    private long looked = Watermark.NONE;
    private long watermark = Watermark.NONE;

    private static final class Member {
        long latest = Watermark.NONE;
        long received = Watermark.NONE;
    }

    SharedWatermark(long size, long lateness) {
        this.size = size;
        this.lateness = lateness;
    }

    int members() {
        return members.size();
    }

    /// Notes a reading, and says how far the devices have come. Never goes back.
    long advance(String device, long time, long arrival) {
        Member member = members.get(device);
        boolean known = member != null;
        if (member == null) {
            member = new Member();
            members.put(device, member);
            if (members.size() > MEMBERS) {
                members.pollFirstEntry();
            }
        }
        member.latest = Math.max(member.latest, time);
        member.received = Math.max(member.received, arrival);
        received = Math.max(received, arrival);
        // Only the slowest can move the minimum, or silence; looking at all is left out otherwise.
        boolean silenceIsDue = Watermark.distance(received, looked) >= silence() / 4;
        if (!known || device.equals(slowest) || silenceIsDue) {
            watermark = Math.max(watermark, least());
        }
        return watermark;
    }

    private long silence() {
        return Watermark.plus(size, lateness);
    }

    private long least() {
        looked = received;
        long furthest = Watermark.NONE;
        for (Member member : members.values()) {
            boolean ahead = member.latest > Watermark.plus(member.received, size);
            if (active(member) && !ahead) {
                furthest = Math.max(furthest, member.latest);
            }
        }
        long reach = Watermark.minus(furthest, size <= Long.MAX_VALUE / REACH ? size * REACH : Long.MAX_VALUE);
        long least = Long.MAX_VALUE;
        for (Map.Entry<String, Member> entry : members.entrySet()) {
            Member member = entry.getValue();
            if (active(member) && member.latest >= reach && member.latest < least) {
                least = member.latest;
                slowest = entry.getKey();
            }
        }
        return least == Long.MAX_VALUE ? Watermark.NONE : Watermark.minus(least, lateness);
    }

    private boolean active(Member member) {
        return member.received >= Watermark.minus(received, silence());
    }
}
