package dev.weir.runtime.inspect;

import java.time.Duration;
import java.util.List;

/// One virtual thread as it was seen.
///
/// @param id as [Thread#threadId()]
/// @param name as it was given
/// @param scheduler the name of its scheduler; `jdk` if it is the JDK's
/// @param lane its lane; empty on the JDK's scheduler
/// @param startedAt the class of its task, or the line that has started it where
///     `-Dweir.sites=true` is set
/// @param age since it was made, to about ten milliseconds
/// @param activity what it does
/// @param timed whether it waits no longer than until a deadline
/// @param waitsOn what it waits for; several for a select
/// @param crew the number of the group whose task it is; 0 if of none
/// @param waited how long it has waited; zero if it does not wait, or was not seen to wait before
/// @param exact whether `waited` was measured from the beginning of the wait. Else it is the time
///     since it was first looked at in this wait, so that it has waited for longer
/// @param stack innermost frame first, cut to a bound
public record ThreadSnapshot(
        long id,
        String name,
        String scheduler,
        String lane,
        String startedAt,
        Duration age,
        Activity activity,
        boolean timed,
        List<WaitsOn> waitsOn,
        long crew,
        Duration waited,
        boolean exact,
        List<StackTraceElement> stack) {

    /// Copies.
    public ThreadSnapshot {
        waitsOn = List.copyOf(waitsOn);
        stack = List.copyOf(stack);
    }

    /// Whether it waits without a deadline for what only another thread can do by means of this
    /// library.
    public boolean isStuckUnlessServed() {
        return activity == Activity.WAITING
                && !timed
                && !waitsOn.isEmpty()
                && waitsOn.stream().allMatch(what -> what.awaited().isOurs());
    }

    /// What it waits for, in words; what it does, if it does not wait.
    public String doing() {
        return switch (waitsOn.size()) {
            case 0 -> activity.toString();
            case 1 -> waitsOn.getFirst().toString();
            default -> "select over " + waitsOn;
        };
    }
}
