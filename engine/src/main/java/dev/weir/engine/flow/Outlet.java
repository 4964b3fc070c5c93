package dev.weir.engine.flow;

import dev.weir.engine.Reading;
import dev.weir.engine.Sink;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
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

    private final SinkPlan plan;
    private final FlowParts parts;
    private final Halt halt = new Halt();
    private final List<Inbox<Delivery>> inboxes = new ArrayList<>();
    private final List<Writer> writers = new ArrayList<>();
    private final Crew crew;
    private final Crew closer;
    private final RareLog rare;
    private final LongAdder retries;
    private final @Nullable Breaker breaker;
    private final @Nullable RetryBudget budget;

    /// What the last failed attempt said; empty when the last attempt succeeded.
    private volatile String trouble = "";

    Outlet(SinkPlan plan, FlowParts parts) {
        this.plan = plan;
        this.parts = parts;
        this.crew = new Crew("weir-sink-" + plan.name());
        this.closer = new Crew("weir-sink-" + plan.name() + "-close");
        this.rare = new RareLog(LOG, parts.clock());
        this.retries =
                parts.meters().counter("weir_sink_retries", "Batches that had to be tried again", "sink", plan.name());
        this.breaker = plan.attempts()
                .breaker()
                .map(breaking -> new Breaker(breaking, plan.name(), parts.meters()))
                .orElse(null);
        OptionalDouble share = plan.attempts().retry().budget();
        this.budget = share.isPresent() ? new RetryBudget(share.getAsDouble()) : null;
        Workforce force = plan.workforce();
        for (int i = 0; i < force.workers(); i++) {
            var inbox = new Inbox<Delivery>(force.capacity(), force.overflow(), delivery -> delivery.fail(OVERFLOW));
            inboxes.add(inbox);
            writers.add(new Writer(inbox, attempts(i + 1)));
        }
    }

    private Attempts attempts(int writer) {
        Hedge hedge = plan.attempts()
                .hedge()
                .map(delay -> new Hedge(
                        plan.sink(),
                        "weir-sink-" + plan.name() + "-hedge-" + writer,
                        delay.toNanos(),
                        parts.meters()
                                .counter("weir_sink_hedges", "Batches that were sent twice", "sink", plan.name())))
                .orElse(null);
        return new Attempts(plan.sink(), plan.attempts().retry(), breaker, budget, hedge);
    }

    SinkPlan plan() {
        return plan;
    }

    Crew crew() {
        return crew;
    }

    Halt halt() {
        return halt;
    }

    List<Inbox<Delivery>> inboxes() {
        return inboxes;
    }

    void start() throws IOException, InterruptedException {
        plan.sink().open();
        writers.forEach(crew::start);
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
            crew.interrupt(GRACE, clock);
        }
        // The sink may wait for a peer that is gone, so not on this thread.
        closer.start(this::closeSink);
        closer.join(GRACE.toNanos(), clock);
        var running = new ArrayList<>(crew.running());
        running.addAll(closer.running());
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
                writers.stream().mapToInt(Writer::inHand).sum(),
                retries.sum(),
                trouble,
                breaker == null ? "" : breaker.state());
    }

    /// Writes the readings of one partition, in order.
    private final class Writer implements Runnable {
        private final Inbox<Delivery> inbox;
        private final int max;
        private final AtomicInteger inHand = new AtomicInteger();
        private final Attempts attempts;

        Writer(Inbox<Delivery> inbox, Attempts attempts) {
            this.inbox = inbox;
            this.attempts = attempts;
            this.max = Math.max(1, plan.sink().batch());
        }

        int inHand() {
            return inHand.getAcquire();
        }

        @Override
        public void run() {
            var batch = new ArrayList<Object>(max);
            try {
                while (receive(batch)) {
                    work(batch);
                }
            } finally {
                inbox.abandon(delivery -> delivery.fail(SHUTDOWN));
            }
        }

        private boolean receive(List<Object> batch) {
            batch.clear();
            while (true) {
                try {
                    inbox.passOvertaken(() -> {});
                    return inbox.take(batch, max) > 0;
                } catch (InterruptedException e) {
                    if (halt.isCalled()) {
                        return false;
                    }
                }
            }
        }

        private void work(List<Object> batch) {
            inHand.setRelease(inbox.elements(batch));
            int from = 0;
            for (int i = 0; i < batch.size(); i++) {
                if (batch.get(i) instanceof Barrier barrier) {
                    write(batch, from, i);
                    from = i + 1;
                    arrive(barrier);
                }
            }
            write(batch, from, batch.size());
            inHand.setRelease(0);
        }

        private void arrive(Barrier barrier) {
            while (true) {
                try {
                    barrier.arrive(() -> {});
                    return;
                } catch (InterruptedException e) {
                    if (halt.isCalled()) {
                        barrier.abandon();
                        return;
                    }
                }
            }
        }

        private void write(List<Object> batch, int from, int to) {
            if (from == to) {
                return;
            }
            var deliveries = new ArrayList<Delivery>(to - from);
            var readings = new ArrayList<Reading>(to - from);
            for (int i = from; i < to; i++) {
                var delivery = (Delivery) batch.get(i);
                deliveries.add(delivery);
                readings.add(delivery.reading());
            }
            write(deliveries, readings);
        }

        private void write(List<Delivery> deliveries, List<Reading> readings) {
            attempts.begin();
            while (!halt.isCalled()) {
                try {
                    attempts.admit();
                    attempts.write(readings);
                    succeed(deliveries);
                    return;
                } catch (IOException e) {
                    switch (attempts.failed(e)) {
                        case RETRY -> retry(e);
                        case GIVE_UP -> {
                            giveUp(deliveries, GAVE_UP, e);
                            return;
                        }
                        case OVER_BUDGET -> {
                            giveUp(deliveries, OVER_BUDGET, e);
                            return;
                        }
                    }
                } catch (InterruptedException e) {
                    // Either the flow halts, or the sink was interrupted by its own: try again.
                    LOG.debug("sink {} was interrupted", plan.name());
                } catch (Throwable e) {
                    refuse(deliveries, readings, e);
                    return;
                }
            }
            deliveries.forEach(delivery -> delivery.fail(SHUTDOWN));
        }

        private void succeed(List<Delivery> deliveries) {
            if (!trouble.isEmpty()) {
                trouble = "";
                LOG.atInfo()
                        .setMessage("sink works again")
                        .addKeyValue("sink", plan.name())
                        .log();
            }
            for (int i = 0; i < deliveries.size(); i++) {
                deliveries.get(i).release();
            }
        }

        private void retry(IOException cause) {
            retries.increment();
            trouble = cause.toString();
            rare.warn("sink cannot write, and will try again", plan.name(), cause);
            try {
                attempts.pause();
            } catch (InterruptedException e) {
                // The loop looks whether this is the end.
                LOG.debug("sink {} was interrupted", plan.name());
            }
        }

        private void giveUp(List<Delivery> deliveries, Delivery.Failure why, IOException cause) {
            trouble = cause.toString();
            rare.warn("sink cannot write, and readings are given up", plan.name(), cause);
            String detail = "sink " + plan.name() + ": attempt " + attempts.count() + ": " + cause;
            for (Delivery delivery : deliveries) {
                Reading reading = delivery.reading();
                parts.deadLetters().add(reading.stream(), reading, why.reason(), detail);
                delivery.fail(why);
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
            boolean refused = cause instanceof Sink.Refused;
            String reason = refused ? "refused" : "sink-error";
            if (!refused) {
                rare.warn("a sink failed", plan.name(), cause);
            }
            Reading reading = readings.getFirst();
            String detail = refused ? String.valueOf(cause.getMessage()) : cause.toString();
            parts.deadLetters().add(reading.stream(), reading, reason, "sink " + plan.name() + ": " + detail);
            deliveries.getFirst().fail(new Delivery.Failure(true, reason));
        }
    }
}
