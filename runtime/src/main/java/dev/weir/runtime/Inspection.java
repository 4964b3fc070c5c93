package dev.weir.runtime;

import dev.weir.runtime.control.Insight;
import dev.weir.runtime.control.VirtualThreads;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What is known of the library's virtual threads, taken from the [Roster] and from the objects on
/// which they are parked.
final class Inspection implements Insight {
    @Override
    public List<Known> threads(int most) {
        return Roster.threads(most);
    }

    @Override
    public long count() {
        return Roster.size();
    }

    @Override
    public boolean areCollected() {
        return G.ARE_COLLECTED;
    }

    @Override
    public List<Known> collected() {
        return Roster.collected();
    }

    @Override
    public long collectedCount() {
        return Roster.collectedCount();
    }

    @Override
    public @Nullable Place place(Thread thread) {
        return VirtualThreads.schedulerOf(thread) instanceof Door(Processors home, Lane lane)
                ? new Place(home.name, lane.name())
                : null;
    }

    @Override
    public Set<String> busy() {
        var homes = new HashSet<Processors>();
        for (Known known : Roster.threads(Integer.MAX_VALUE)) {
            Thread thread = known.thread();
            if (thread != null && VirtualThreads.schedulerOf(thread) instanceof Door door) {
                homes.add(door.home());
            }
        }
        return homes.stream()
                .filter(Processors::hasTurns)
                .map(home -> home.name)
                .collect(Collectors.toSet());
    }

    @Override
    public int timers() {
        return DeadlineTimer.pending();
    }

    @Override
    public List<Cause> causes(Thread thread) {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING -> causes(thread, LockSupport.getBlocker(thread));
            case BLOCKED -> List.of(thing(Kind.LOCK, thread, "a monitor", 0, 0));
            case NEW, RUNNABLE, TERMINATED -> List.of();
        };
    }

    private static List<Cause> causes(Thread thread, @Nullable Object blocker) {
        return switch (blocker) {
            case null -> List.of();
            case Channel<?> channel -> List.of(channel.cause(thread));
            case Selection selection -> selection.causes(thread);
            case WeightedSemaphore semaphore ->
                List.of(thing(
                        Kind.SEMAPHORE, semaphore, semaphore.toString(), semaphore.crew(), semaphore.lastHolder()));
            case WaitGroup group -> List.of(thing(Kind.WAIT_GROUP, group, group.toString(), group.crew(), 0));
            case Group group -> List.of(thing(Kind.GROUP, group, group.toString(), group.crew(), 0));
            case Gather<?> gather -> List.of(thing(Kind.GROUP, gather, gather.toString(), gather.crew(), 0));
            case Singleflight<?, ?> calls ->
                List.of(thing(Kind.SINGLEFLIGHT, calls, calls.toString(), calls.crew(), 0));
            case RateLimiter limiter -> List.of(thing(Kind.RATE_LIMITER, limiter, limiter.toString(), 0, 0));
            case AbstractOwnableSynchronizer lock -> List.of(thing(Kind.LOCK, lock, nameOf(lock), 0, 0));
            case Condition condition -> List.of(thing(Kind.LOCK, condition, nameOf(condition), 0, 0));
            default -> List.of(thing(Kind.OTHER, blocker, nameOf(blocker), 0, 0));
        };
    }

    /// A class and an identity: the text of somebody else's object may be anything.
    private static String nameOf(Object thing) {
        return thing.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(thing));
    }

    private static Cause thing(Kind kind, Object thing, String text, long crew, long last) {
        return new Cause(kind, System.identityHashCode(thing), text, Side.NONE, 0, 0, 0, 0, crew, last);
    }
}
