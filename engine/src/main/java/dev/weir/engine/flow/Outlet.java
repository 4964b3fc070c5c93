package dev.weir.engine.flow;

import dev.weir.engine.Reading;
import dev.weir.runtime.Lane;
import dev.weir.runtime.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way to one sink, shared by all streams that name it: a bounded queue, and workers that
/// write batches. A batch that fails is tried again, with growing pauses, as [Attempts] says; for
/// ever, if nothing else is configured. Meanwhile the queue fills, and its policy decides.
final class Outlet {
    private static final Logger LOG = LoggerFactory.getLogger(Outlet.class);
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final Delivery.Failure OVERFLOW = new Delivery.Failure(false, "sink-overflow");

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
            var desk = new Desk(this, inbox, shared, i + 1);
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

    Halt halt() {
        return halt;
    }

    DeadLetters deadLetters() {
        return parts.deadLetters();
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
            delivery.fail(Delivery.Failure.SHUTDOWN);
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

    // --- what its writers report ----------------------------------------------------------------

    /// The last attempt succeeded.
    void works() {
        if (!trouble.isEmpty()) {
            trouble = "";
            LOG.atInfo()
                    .setMessage("sink works again")
                    .addKeyValue("sink", plan.name())
                    .log();
        }
    }

    /// An attempt has failed, and there will be another one.
    void retries(IOException cause) {
        retries.increment();
        trouble = cause.toString();
        rare.warn("sink cannot write, and will try again", plan.name(), cause);
    }

    /// An attempt has failed, and there will be no other one.
    void givesUp(IOException cause) {
        trouble = cause.toString();
        rare.warn("sink cannot write, and readings are given up", plan.name(), cause);
    }

    /// The sink has thrown what it should not throw.
    void fails(Reading reading, Throwable cause) {
        rare.warn("a sink failed", plan.name(), reading, cause);
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
}
