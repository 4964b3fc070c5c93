package dev.weir.engine.flow;

import dev.weir.engine.Inlet;
import dev.weir.engine.Message;
import dev.weir.engine.Meters;
import dev.weir.engine.Receipt;
import dev.weir.engine.Tracer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The door of one source: decodes each message on the source's thread, for every pipeline whose
/// `topic:` matches its address, into the queue of the device's partition.
///
/// With `ack: received` the device is told when all readings of the message are in their queues,
/// are dead letters or were dropped by policy.
public final class Intake implements Inlet {
    private final String source;
    private final long epoch;
    private final FlowClock clock;
    private final Tracer tracer;
    private final Routes routes;
    private final Runnable onFinished;

    private final AtomicLong messages = new AtomicLong();
    private final LongAdder received;
    private final LongAdder accepted;
    private final LongAdder waiting = new LongAdder();
    private final Reasons rejected;

    private volatile boolean closed;

    Intake(String source, long epoch, FlowParts parts, Routes routes, Runnable onFinished) {
        this.source = source;
        this.epoch = epoch;
        this.clock = parts.clock();
        this.tracer = parts.tracer();
        Meters meters = parts.meters();
        this.routes = routes;
        this.onFinished = onFinished;
        this.received = meters.counter("weir_source_received", "Messages that came", "source", source);
        this.accepted = meters.counter(
                "weir_source_accepted", "Messages the node has taken responsibility for", "source", source);
        this.rejected = new Reasons(meters, "weir_source_rejected", "Messages turned away", "source", source);
    }

    String source() {
        return source;
    }

    long epoch() {
        return epoch;
    }

    FlowClock clock() {
        return clock;
    }

    Tracer tracer() {
        return tracer;
    }

    LongAdder waiting() {
        return waiting;
    }

    @Override
    public void accept(Message message, Ack ack) throws InterruptedException {
        take(message, ack, null);
    }

    @Override
    public void accept(Message message, Ack ack, Duration patience) throws InterruptedException {
        take(message, ack, patience);
    }

    private void take(Message message, Ack ack, @Nullable Duration patience) throws InterruptedException {
        received.increment();
        if (closed) {
            rejected.count(Account.SHUTDOWN);
            ack.settle(Receipt.OVERLOADED);
            return;
        }
        Route[] found = routes.find(message.address());
        if (found.length == 0) {
            rejected.count("unmatched");
            ack.settle(Receipt.UNMATCHED);
            return;
        }
        ack.settle(handOver(message, found, patience));
    }

    private Receipt handOver(Message message, Route[] found, @Nullable Duration patience) throws InterruptedException {
        var handover = new Handover(this, message, found[0], messages.incrementAndGet(), patience);
        try {
            for (Route route : found) {
                handover.follow(route);
            }
        } catch (Handover.Overload e) {
            return overloaded(handover);
        } catch (InterruptedException e) {
            rejected.count("interrupted");
            throw e;
        } finally {
            handover.end();
        }
        accepted.increment();
        String reason = handover.reason();
        return reason == null || handover.isTaken()
                ? Receipt.ACCEPTED
                : new Receipt.Undecodable(reason, handover.detail());
    }

    /// A message of which something was taken before its pipeline closed cannot be refused.
    private Receipt overloaded(Handover handover) {
        if (handover.isTaken()) {
            accepted.increment();
            return Receipt.ACCEPTED;
        }
        rejected.count(closed ? Account.SHUTDOWN : "overloaded");
        return Receipt.OVERLOADED;
    }

    @Override
    public void rejected(String reason) {
        received.increment();
        rejected.count(reason);
    }

    @Override
    public void finished() {
        onFinished.run();
    }

    /// Turns away what still comes.
    void close() {
        closed = true;
    }

    Ledger.SourceLine line() {
        return new Ledger.SourceLine(source, received.sum(), accepted.sum(), rejected.counts(), waiting.sum());
    }
}
