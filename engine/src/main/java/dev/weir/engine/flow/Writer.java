package dev.weir.engine.flow;

import dev.weir.engine.Reading;
import dev.weir.engine.Sink;
import dev.weir.runtime.supervise.ChildContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Writes the deliveries of one partition of a sink, in order, batch by batch: one run of it, in
/// one virtual thread. One that hangs is replaced, and may go on after all: so a delivery is let go
/// of only after it was [taken off][InHand] what is in hand. What a [Worker] is to a segment.
final class Writer implements Succession.Run<Delivery> {
    private static final Delivery.Failure GAVE_UP = new Delivery.Failure(true, "gave-up");
    private static final Delivery.Failure OVER_BUDGET = new Delivery.Failure(true, "retry-budget");
    private static final Delivery.Failure FAILED = new Delivery.Failure(false, "sink-failed");

    private final Outlet outlet;
    private final ChildContext child;
    private final Attempts attempts;
    private final boolean discarding;
    private final Turn<Delivery> turn;
    private final InHand hand;
    private final FollowedWrites followed;

    /// @param discarding whether nothing is written, and all dropped
    Writer(Outlet outlet, Inbox<Delivery> inbox, ChildContext child, Attempts attempts, boolean discarding) {
        this.outlet = outlet;
        this.child = child;
        this.attempts = attempts;
        this.discarding = discarding;
        this.turn = new Turn<>(inbox, child, outlet.halt(), delivery -> delivery.fail(FAILED));
        this.hand = turn.hand();
        this.followed = new FollowedWrites(outlet.plan().name());
    }

    // --- the one before, and the one after ------------------------------------------------------

    @Override
    public void adopt(List<Object> batch) {
        turn.adopt(batch);
    }

    @Override
    public int inHand() {
        return turn.inHand();
    }

    @Override
    public Rest<Delivery> replace() {
        Rest<Delivery> rest = turn.end();
        attempts.abandon();
        return rest;
    }

    // --- the thread -----------------------------------------------------------------------------

    /// Writes until the inbox is closed and empty, or the flow ends.
    void run() {
        work(turn.batch());
        int max = Math.max(1, outlet.plan().sink().batch());
        while (turn.receive(max)) {
            work(turn.batch());
        }
    }

    private void work(List<Object> batch) {
        int from = 0;
        for (int i = 0; i < batch.size(); i++) {
            if (batch.get(i) instanceof Barrier barrier) {
                write(batch, from, i);
                turn.reach(i);
                cross(barrier);
                from = i + 1;
            }
        }
        write(batch, from, batch.size());
    }

    private void cross(Barrier barrier) {
        if (!turn.arrive(barrier)) {
            turn.awaitOpen(barrier);
        }
        turn.leave(barrier);
    }

    private void write(List<Object> batch, int from, int to) {
        if (from == to) {
            return;
        }
        var deliveries = new ArrayList<Delivery>(to - from);
        var readings = new ArrayList<Reading>(to - from);
        boolean any = false;
        for (int i = from; i < to; i++) {
            var delivery = (Delivery) batch.get(i);
            deliveries.add(delivery);
            readings.add(delivery.reading());
            any |= delivery.reading().trace() != null;
        }
        if (any) {
            followed.begin(deliveries);
        }
        write(deliveries, readings);
    }

    private void write(List<Delivery> deliveries, List<Reading> readings) {
        attempts.begin();
        while (!turn.isHalted() && !discarding) {
            turn.requireCurrent();
            child.beat();
            try {
                admit();
                attempts.write(readings);
            } catch (IOException e) {
                switch (attempts.failed(e)) {
                    case RETRY -> {
                        retry(e);
                        continue;
                    }
                    case GIVE_UP -> giveUp(deliveries, GAVE_UP, e);
                    case OVER_BUDGET -> giveUp(deliveries, OVER_BUDGET, e);
                }
                return;
            } catch (InterruptedException e) {
                // The flow ends, or the writer is replaced, or the sink was interrupted by its
                // own: the loop looks which.
                continue;
            } catch (Throwable e) {
                if (!(e instanceof Sink.Refused)) {
                    turn.requireCurrent();
                }
                refuse(deliveries, readings, e);
                return;
            }
            hand.done(deliveries.size());
            try {
                outlet.works();
            } finally {
                succeed(deliveries, 0);
            }
            return;
        }
        for (Delivery delivery : deliveries) {
            hand.done(1);
            fail(delivery, discarding ? FAILED : Delivery.Failure.SHUTDOWN);
        }
    }

    /// Waits while the sink is left alone, which is no sign of trouble with the writer.
    private void admit() throws InterruptedException {
        if (!attempts.mayWait()) {
            return;
        }
        child.rest();
        try {
            attempts.admit();
        } finally {
            child.beat();
        }
    }

    private void retry(IOException cause) {
        outlet.retries(cause);
        followed.retried(cause);
        child.rest();
        try {
            attempts.pause();
        } catch (InterruptedException e) {
            // The loop looks whether this is the end.
        } finally {
            child.beat();
        }
    }

    // --- what becomes of deliveries: what was taken off is let go of, whatever fails -------------

    /// Lets go of deliveries that are written, from `first` on: of all, even if what follows one of
    /// them fails, since nobody has them in hand any more.
    private void succeed(List<Delivery> deliveries, int first) {
        int i = first;
        boolean any = !followed.isEmpty();
        try {
            while (i < deliveries.size()) {
                Delivery delivery = deliveries.get(i++);
                try {
                    if (any) {
                        followed.succeeded(delivery);
                    }
                } finally {
                    delivery.release();
                }
            }
        } finally {
            if (i < deliveries.size()) {
                succeed(deliveries, i);
            }
        }
    }

    private void giveUp(List<Delivery> deliveries, Delivery.Failure why, IOException cause) {
        outlet.givesUp(cause);
        String detail = "attempt " + attempts.count() + ": " + cause;
        for (Delivery delivery : deliveries) {
            hand.done(1);
            try {
                bury(delivery, why, detail);
            } finally {
                fail(delivery, why);
            }
        }
    }

    /// Finds the readings that are refused by halves, so that the others get through; order stays.
    private void refuse(List<Delivery> deliveries, List<Reading> readings, Throwable cause) {
        int size = readings.size();
        if (size > 1) {
            int half = size / 2;
            write(deliveries.subList(0, half), readings.subList(0, half));
            write(deliveries.subList(half, size), readings.subList(half, size));
            return;
        }
        boolean refused = cause instanceof Sink.Refused;
        var why = new Delivery.Failure(true, refused ? "refused" : "sink-error");
        Delivery delivery = deliveries.getFirst();
        hand.done(1);
        try {
            if (!refused) {
                outlet.fails(delivery.reading(), cause);
            }
            bury(delivery, why, refused ? String.valueOf(cause.getMessage()) : cause.toString());
        } finally {
            fail(delivery, why);
        }
    }

    private void bury(Delivery delivery, Delivery.Failure why, String detail) {
        Reading reading = delivery.reading();
        String sink = outlet.plan().name();
        outlet.deadLetters().add(reading.stream(), reading, why.reason(), "sink " + sink + ": " + detail);
    }

    private void fail(Delivery delivery, Delivery.Failure why) {
        try {
            followed.failed(delivery, why.reason());
        } finally {
            delivery.fail(why);
        }
    }
}
