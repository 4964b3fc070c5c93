package dev.weir.engine.flow;

import dev.weir.engine.Reading;
import dev.weir.runtime.supervise.ChildContext;
import dev.weir.runtime.supervise.HungException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One share of a segment's devices: a queue, and a worker, which is succeeded by another one when
/// it fails or hangs. The successor goes on with the rest of the batch; the reading that was in
/// hand becomes a dead letter, since it may be what the worker hangs on.
final class Partition implements Crew.Task {
    private final Segment segment;
    private final Inbox<Reading> inbox;
    private final List<Step> steps;
    private final Watchdog watchdog;
    private final Succession<Reading> workers = new Succession<>();

    Partition(Segment segment, Inbox<Reading> inbox, List<Step> steps, Watchdog watchdog) {
        this.segment = segment;
        this.inbox = inbox;
        this.steps = steps;
        this.watchdog = watchdog;
    }

    /// How many readings were taken and not passed on.
    int inHand() {
        return workers.inHand();
    }

    @Override
    public void work(ChildContext child, boolean discarding) {
        var worker = new Worker(segment, inbox, steps, watchdog, child, discarding);
        try {
            lose(workers.begin(worker), child);
            worker.run();
        } finally {
            worker.end();
            workers.end(worker);
        }
    }

    /// Counts what nobody goes on with.
    private void lose(Rest<Reading> rest, ChildContext child) {
        int lost = rest.lost();
        if (lost == 0) {
            return;
        }
        Throwable why = child.lastFailure()
                .map(dev.weir.runtime.supervise.Failure::thrown)
                .orElse(null);
        String reason = why instanceof HungException ? Account.HUNG : Account.ENGINE_ERROR;
        segment.account().deadLettered.count(reason, lost);
        @Nullable Reading reading = rest.begun();
        if (reading != null) {
            keep(reading, reason, why == null ? "its worker has ended" : why.toString());
        }
    }

    private void keep(Reading reading, String reason, String detail) {
        try {
            segment.deadLetters().add(segment.streamName(), reading, reason, detail);
        } catch (RuntimeException e) {
            // The one who hangs may be changing it this very moment. It is counted all the same.
            segment.log().warn("a reading with which a worker hung cannot be shown", segment.name(), e);
        }
        Fate.DEAD_LETTERED.of(reading, reason);
    }

    /// Counts what is queued or in hand as dropped. Only when no worker is started any more.
    void drop() {
        Rest<Reading> rest = workers.giveUp();
        rest.abandon(reading -> segment.drop(reading, Account.SHUTDOWN));
        segment.account().dropped.count(Account.SHUTDOWN, rest.resumed());
        inbox.abandon(reading -> segment.drop(reading, Account.SHUTDOWN));
    }
}
