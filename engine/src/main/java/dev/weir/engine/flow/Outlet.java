package dev.weir.engine.flow;

import dev.weir.engine.Reading;
import dev.weir.engine.Sink;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way to one sink, shared by all streams that name it: a bounded queue, and workers that
/// write batches. A batch that fails is tried again, with growing pauses, for as long as the flow
/// runs; meanwhile the queue fills, and its policy decides.
final class Outlet {
    private static final Logger LOG = LoggerFactory.getLogger(Outlet.class);
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final Delivery.Failure OVERFLOW = new Delivery.Failure(false, "sink-overflow");
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
        Workforce force = plan.workforce();
        for (int i = 0; i < force.workers(); i++) {
            var inbox = new Inbox<Delivery>(force.capacity(), force.overflow(), delivery -> delivery.fail(OVERFLOW));
            inboxes.add(inbox);
            writers.add(new Writer(inbox));
        }
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
                trouble);
    }

    /// Writes the readings of one partition, in order.
    private final class Writer implements Runnable {
        private final Inbox<Delivery> inbox;
        private final int max;
        private final AtomicInteger inHand = new AtomicInteger();
        private final Backoff backoff = new Backoff();
        private final FollowedWrites followed = new FollowedWrites(plan.name());

        Writer(Inbox<Delivery> inbox) {
            this.inbox = inbox;
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
            while (!halt.isCalled()) {
                try {
                    plan.sink().write(readings);
                    succeed(deliveries);
                    return;
                } catch (IOException e) {
                    retry(e);
                } catch (InterruptedException e) {
                    // Either the flow halts, or the sink was interrupted by its own: try again.
                    LOG.debug("sink {} was interrupted", plan.name());
                } catch (Throwable e) {
                    refuse(deliveries, readings, e);
                    return;
                }
            }
            deliveries.forEach(delivery -> fail(delivery, SHUTDOWN));
        }

        private void fail(Delivery delivery, Delivery.Failure why) {
            followed.failed(delivery, why.reason());
            delivery.fail(why);
        }

        private void succeed(List<Delivery> deliveries) {
            if (!trouble.isEmpty()) {
                trouble = "";
                LOG.atInfo()
                        .setMessage("sink works again")
                        .addKeyValue("sink", plan.name())
                        .log();
            }
            backoff.reset();
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
            try {
                backoff.pause();
            } catch (InterruptedException e) {
                // The loop looks whether this is the end.
                LOG.debug("sink {} was interrupted", plan.name());
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
