package dev.weir.engine.flow;

import dev.weir.engine.Reading;
import dev.weir.engine.Sink;
import dev.weir.runtime.Lane;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.supervise.ChildContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way to one sink, shared by all streams that name it: a bounded queue, and workers that
/// write batches. A batch that fails is tried again, with growing pauses, as [Attempts] says; for
/// ever, if nothing else is configured. Meanwhile the queue fills, and its policy decides.
final class Outlet {
    private static final Logger LOG = LoggerFactory.getLogger(Outlet.class);
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final Delivery.Failure OVERFLOW = new Delivery.Failure(false, "sink-overflow");
    private static final Delivery.Failure GAVE_UP = new Delivery.Failure(true, "gave-up");
    private static final Delivery.Failure OVER_BUDGET = new Delivery.Failure(true, "retry-budget");
    private static final Delivery.Failure SHUTDOWN = new Delivery.Failure(false, Account.SHUTDOWN);
    private static final Delivery.Failure FAILED = new Delivery.Failure(false, "sink-failed");

    private final SinkPlan plan;
    private final FlowParts parts;
    private final Halt halt = new Halt();
    private final List<Inbox<Delivery>> inboxes = new ArrayList<>();
    private final List<Desk> desks = new ArrayList<>();
    private final Crew crew;
    private final RareLog rare;
    private final LongAdder retries;
    private final SharedAttempts shared;

    /// What the last failed attempt said; empty when the last attempt succeeded.
    private volatile String trouble = "";

    Outlet(SinkPlan plan, FlowParts parts, Vigilance vigilance) {
        this.plan = plan;
        this.parts = parts;
        this.shared = new SharedAttempts(plan, parts.meters());
        this.crew = new Crew(
                "weir-sink-" + plan.name(),
                "sink " + plan.name(),
                Lane.SAMPLE,
                parts.meters(),
                vigilance,
                vigilance.heartbeat(shared.patience()));
        this.rare = new RareLog(LOG, parts.clock());
        this.retries =
                parts.meters().counter("weir_sink_retries", "Batches that had to be tried again", "sink", plan.name());
        Workforce force = plan.workforce();
        for (int i = 0; i < force.workers(); i++) {
            var inbox = new Inbox<Delivery>(force.capacity(), force.overflow(), delivery -> delivery.fail(OVERFLOW));
            inboxes.add(inbox);
            var desk = new Desk(inbox, i + 1);
            desks.add(desk);
            crew.add(desk);
        }
    }

    SinkPlan plan() {
        return plan;
    }

    List<Inbox<Delivery>> inboxes() {
        return inboxes;
    }

    void start() throws IOException, InterruptedException {
        plan.sink().open();
        crew.start();
    }

    /// Queues a delivery, and waits for room if the sink's policy is to block, until `caller` is
    /// called to halt.
    void put(Delivery delivery, Halt caller) {
        var inbox = inboxes.get(Workforce.partition(delivery.reading().device(), inboxes.size()));
        if (inbox.put(delivery, caller) != Inbox.Put.TAKEN) {
            delivery.fail(SHUTDOWN);
        }
    }

    /// Takes nothing more in, waits until everything is written, and closes the sink; what is not
    /// written in time is dropped. Does nothing the second time.
    ///
    /// @param nanos how long to wait at most
    /// @return the names of threads that did not end
    List<String> close(long nanos, FlowClock clock) throws InterruptedException {
        inboxes.forEach(Inbox::close);
        if (!crew.join(nanos, clock)) {
            halt.call();
        }
        var running = new ArrayList<>(crew.stop());
        desks.forEach(Desk::drop);
        // The sink may wait for a peer that is gone, so not on this thread.
        Thread closer = Scheduler.shared().start("weir-sink-" + plan.name() + "/close", this::closeSink);
        if (!closer.join(GRACE)) {
            running.add(closer.getName());
        }
        return running;
    }

    private void closeSink() {
        try {
            plan.sink().close();
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .setMessage("a sink failed to close")
                    .addKeyValue("sink", plan.name())
                    .setCause(e)
                    .log();
        }
    }

    /// What is known about it now.
    FlowState.SinkState state() {
        return new FlowState.SinkState(
                plan.name(),
                plan.workforce(),
                inboxes.stream().mapToInt(Inbox::length).sum(),
                desks.stream().mapToInt(Desk::inHand).sum(),
                retries.sum(),
                trouble,
                shared.state(),
                crew.state());
    }

    /// The readings of one partition, and who writes them: one after the other if one fails or
    /// hangs. The successor writes again what its predecessor had not finished.
    private final class Desk implements Crew.Task {
        private final Inbox<Delivery> inbox;
        private final int number;
        private final Succession<Writer> writers = new Succession<>();

        Desk(Inbox<Delivery> inbox, int number) {
            this.inbox = inbox;
            this.number = number;
        }

        int inHand() {
            return writers.inHand();
        }

        @Override
        public void work(ChildContext child, boolean discarding) {
            Writer before = writers.latest();
            var writer = new Writer(inbox, child, shared.of(number), discarding);
            if (before != null) {
                writer.adopt(before.replace());
                writers.end(before);
            }
            writers.begin(writer);
            writer.run();
        }

        /// Drops what nobody will write. Only when no writer is started any more.
        void drop() {
            Writer last = writers.latest();
            if (last != null) {
                for (Object element : last.replace()) {
                    if (element instanceof Barrier barrier) {
                        barrier.abandon();
                    } else {
                        ((Delivery) element).fail(SHUTDOWN);
                    }
                }
            }
            inbox.abandon(delivery -> delivery.fail(SHUTDOWN));
        }
    }

    /// Writes the readings of one partition, in order. One that hangs is replaced, and may go on
    /// after all: so a delivery is let go of only after it was [taken off][InHand] what is in hand.
    private final class Writer implements Succession.Run {
        private final Inbox<Delivery> inbox;
        private final ChildContext child;
        private final boolean discarding;
        private final int max;
        private final InHand hand = new InHand();
        private final Attempts attempts;
        private final FollowedWrites followed = new FollowedWrites(plan.name());

        // written by the writer's thread before it takes from its hand, read by the successor
        private List<Object> batch = List.of();
        private int at;
        private volatile @Nullable Barrier crossing;

        /// @param discarding whether nothing is written, and all dropped
        Writer(Inbox<Delivery> inbox, ChildContext child, Attempts attempts, boolean discarding) {
            this.inbox = inbox;
            this.child = child;
            this.attempts = attempts;
            this.discarding = discarding;
            this.max = Math.max(1, plan.sink().batch());
        }

        @Override
        public int inHand() {
            return hand.count();
        }

        /// Takes over what a predecessor has left. Before [#run].
        void adopt(List<Object> rest) {
            batch = rest;
            hand.take(deliveries(rest));
        }

        /// Takes everything from this writer, for ever. Any thread.
        List<Object> replace() {
            int left = hand.seal().left();
            attempts.abandon();
            List<Object> elements = batch;
            Barrier barrier = crossing;
            int from = at;
            if (barrier != null) {
                barrier.abandon();
                from++;
            }
            List<Object> rest = new ArrayList<>(elements.subList(Math.min(from, elements.size()), elements.size()));
            int done = deliveries(rest) - left;
            while (done > 0) {
                done -= rest.removeFirst() instanceof Delivery ? 1 : 0;
            }
            return rest;
        }

        private static int deliveries(List<Object> elements) {
            return (int) elements.stream().filter(Delivery.class::isInstance).count();
        }

        void run() {
            if (!batch.isEmpty()) {
                work(batch);
            }
            var taken = new ArrayList<Object>(max);
            while (receive(taken)) {
                begin(taken);
                work(taken);
            }
        }

        private boolean receive(List<Object> taken) {
            batch = List.of();
            at = 0;
            taken.clear();
            while (!halt.isCalled()) {
                requireCurrent();
                for (Barrier each = inbox.overtaken(); each != null; each = inbox.overtaken()) {
                    arrive(each);
                }
                child.rest();
                try {
                    return inbox.take(taken, max) > 0;
                } catch (InterruptedException e) {
                    // The loop looks whether this is the end.
                } finally {
                    child.beat();
                }
            }
            return false;
        }

        private void begin(List<Object> taken) {
            int deliveries = inbox.elements(taken);
            batch = taken;
            try {
                hand.take(deliveries);
            } catch (InHand.Replaced e) {
                // It was given up while it waited, which only a machine that stood still can cause.
                taken.forEach(element -> {
                    if (element instanceof Delivery delivery) {
                        delivery.fail(FAILED);
                    } else {
                        ((Barrier) element).abandon();
                    }
                });
                throw e;
            }
        }

        private void requireCurrent() {
            if (child.context().isDone() && !halt.isCalled()) {
                throw new InHand.Replaced();
            }
        }

        private void work(List<Object> elements) {
            int from = 0;
            for (int i = 0; i < elements.size(); i++) {
                if (elements.get(i) instanceof Barrier barrier) {
                    write(elements, from, i);
                    at = i;
                    from = i + 1;
                    arrive(barrier);
                    at = from;
                }
            }
            write(elements, from, elements.size());
        }

        private void arrive(Barrier barrier) {
            crossing = barrier;
            if (barrier.arrive()) {
                barrier.open();
            } else {
                child.rest();
                try {
                    awaitOpen(barrier);
                } finally {
                    child.beat();
                }
            }
            crossing = null;
        }

        private void awaitOpen(Barrier barrier) {
            while (true) {
                try {
                    barrier.awaitOpen();
                    return;
                } catch (InterruptedException e) {
                    if (halt.isCalled()) {
                        barrier.abandon();
                        return;
                    }
                    requireCurrent();
                }
            }
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
            while (!halt.isCalled() && !discarding) {
                requireCurrent();
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
                        requireCurrent();
                    }
                    refuse(deliveries, readings, e);
                    return;
                }
                succeed(deliveries);
                return;
            }
            hand.done(deliveries.size());
            deliveries.forEach(delivery -> fail(delivery, discarding ? FAILED : SHUTDOWN));
        }

        private void fail(Delivery delivery, Delivery.Failure why) {
            followed.failed(delivery, why.reason());
            delivery.fail(why);
        }

        /// Waits while the sink is left alone, which is no sign of trouble with the writer.
        private void admit() throws InterruptedException {
            if (!shared.mayWait()) {
                return;
            }
            child.rest();
            try {
                attempts.admit();
            } finally {
                child.beat();
            }
        }

        private void succeed(List<Delivery> deliveries) {
            hand.done(deliveries.size());
            if (!trouble.isEmpty()) {
                trouble = "";
                LOG.atInfo()
                        .setMessage("sink works again")
                        .addKeyValue("sink", plan.name())
                        .log();
            }
            boolean any = !followed.isEmpty();
            for (int i = 0; i < deliveries.size(); i++) {
                if (any) {
                    followed.succeeded(deliveries.get(i));
                }
                deliveries.get(i).release();
            }
        }

        private void retry(IOException cause) {
            retries.increment();
            trouble = cause.toString();
            rare.warn("sink cannot write, and will try again", plan.name(), cause);
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

        private void giveUp(List<Delivery> deliveries, Delivery.Failure why, IOException cause) {
            hand.done(deliveries.size());
            trouble = cause.toString();
            rare.warn("sink cannot write, and readings are given up", plan.name(), cause);
            String detail = "sink " + plan.name() + ": attempt " + attempts.count() + ": " + cause;
            for (Delivery delivery : deliveries) {
                Reading reading = delivery.reading();
                parts.deadLetters().add(reading.stream(), reading, why.reason(), detail);
                fail(delivery, why);
            }
        }

        /// Finds the readings that are refused by halves, so that the others get through; order
        /// stays.
        private void refuse(List<Delivery> deliveries, List<Reading> readings, Throwable cause) {
            int size = readings.size();
            if (size > 1) {
                int half = size / 2;
                write(deliveries.subList(0, half), readings.subList(0, half));
                write(deliveries.subList(half, size), readings.subList(half, size));
                return;
            }
            hand.done(1);
            boolean refused = cause instanceof Sink.Refused;
            String reason = refused ? "refused" : "sink-error";
            Reading reading = readings.getFirst();
            if (!refused) {
                rare.warn("a sink failed", plan.name(), reading, cause);
            }
            String detail = refused ? String.valueOf(cause.getMessage()) : cause.toString();
            parts.deadLetters().add(reading.stream(), reading, reason, "sink " + plan.name() + ": " + detail);
            fail(deliveries.getFirst(), new Delivery.Failure(true, reason));
        }
    }
}
