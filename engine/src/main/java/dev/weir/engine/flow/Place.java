package dev.weir.engine.flow;

import dev.weir.runtime.supervise.ChildContext;
import java.util.concurrent.atomic.AtomicBoolean;

/// One worker's place among those of its segment that work at once. The worker takes it, and it or
/// its successor gives it back.
final class Place {
    private final Places places;
    private final Halt halt;
    private final ChildContext child;

    /// Whoever sets it back gives the place back.
    private final AtomicBoolean taken = new AtomicBoolean();

    Place(Segment segment, ChildContext child) {
        this.places = segment.places();
        this.halt = segment.halt();
        this.child = child;
    }

    /// Whether a worker may have to wait for a place.
    boolean isScarce() {
        return places.isLimited();
    }

    /// Waits for a place, if there are fewer of them than workers. What the worker has in hand
    /// waits with it: one element at most, so that no more is in hands than there is room for.
    ///
    /// @throws InHand.Replaced if the worker was given up
    void take() {
        while (places.isLimited() && !halt.isCalled()) {
            if (child.context().isDone()) {
                throw new InHand.Replaced();
            }
            child.rest();
            try {
                places.enter();
                taken.set(true);
                return;
            } catch (InterruptedException e) {
                // The loop looks whether this is the end.
            } finally {
                child.beat();
            }
        }
    }

    /// Only for the worker's thread.
    boolean isTaken() {
        return taken.getPlain();
    }

    /// Gives it back. Any thread.
    ///
    /// @return whether it was taken
    boolean giveBack() {
        boolean had = taken.getAndSet(false);
        if (had) {
            places.leave();
        }
        return had;
    }
}
