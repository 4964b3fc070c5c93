package dev.weir.engine.flow;

import dev.weir.engine.Message;
import dev.weir.engine.Reading;
import dev.weir.engine.Span;
import dev.weir.engine.Tracer;
import dev.weir.engine.decode.DecodeException;
import dev.weir.engine.decode.Decoder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One message on its way through the door: decoded for one route after the other, on the
/// source's thread, into the queues of its pipelines.
///
/// The key of a reading is its message's number, shifted, plus its place in the message: unique,
/// and the same when the message is decoded again.
final class Handover implements Decoder.Output {
    private static final int PLACE_BITS = 14;

    private final Intake intake;
    private final Message message;
    private final long sequence;
    private final long received;
    private final @Nullable Duration patience;

    private Route route;
    private int place;
    private boolean taken;
    private @Nullable String reason;
    private String detail = "";

    /// What follows the message, once one of its readings is followed.
    private @Nullable Span arrival;

    /// Thrown through the decoder when there was no room in time. Costs no stack trace.
    static final class Overload extends RuntimeException {
        private static final long serialVersionUID = 1;

        Overload() {
            super("no room in time", null, false, false);
        }
    }

    /// @param patience how long to wait for room; null to wait for ever. Once a reading of the
    ///     message is in a queue the others wait for ever, since half a message cannot be refused
    Handover(Intake intake, Message message, Route first, long sequence, @Nullable Duration patience) {
        this.intake = intake;
        this.message = message;
        this.route = first;
        this.sequence = sequence;
        this.received = intake.clock().epochNanos();
        this.patience = patience;
    }

    /// Whether a reading of the message is in a queue.
    boolean isTaken() {
        return taken;
    }

    /// Why the message, or part of it, could not become a reading; null if it could.
    @Nullable
    String reason() {
        return reason;
    }

    String detail() {
        return detail;
    }

    /// Decodes the message for a route.
    ///
    /// @throws Overload if there was no room in time; nothing was taken
    void follow(Route next) throws InterruptedException {
        route = next;
        place = 0;
        Pipeline pipeline = next.pipeline();
        if (message.length() > pipeline.maxReading()) {
            fail(
                    "too-large",
                    "the payload has " + message.length() + " bytes, but max-reading of pipeline " + pipeline.name()
                            + " is " + pipeline.maxReading());
            return;
        }
        try {
            pipeline.decoder().decode(message, this);
        } catch (DecodeException e) {
            fail(e.reason(), String.valueOf(e.getMessage()));
        } catch (Overload e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            pipeline.log().warn("a decoder failed", pipeline.name(), e);
            fail("decode-error", e.toString());
        }
    }

    @Override
    public Reading blank() {
        return route.blank(received, intake.epoch(), (sequence << PLACE_BITS) | place++, message.hops());
    }

    @Override
    public void accept(Reading reading) throws InterruptedException {
        if (reading.device().isEmpty()) {
            fail("no-device", "neither the address nor the payload says which device sent it");
            return;
        }
        Tracer tracer = intake.tracer();
        if (tracer.follows(reading.device(), reading.sequence(), message.traceparent())) {
            follow(reading, tracer);
        }
        Segment queue = route.pipeline().entrance();
        Inbox.Put put = queue.tryPut(reading);
        if (put == Inbox.Put.FULL) {
            put = await(queue, reading);
        }
        switch (put) {
            case TAKEN -> {
                taken = true;
                route.pipeline().account().accepted.increment();
            }
            case FULL, CLOSED -> {
                Fate.DROPPED.of(reading, "overloaded");
                throw new Overload();
            }
        }
    }

    /// From here on the reading is followed; what happened to it before is known, since the time
    /// when the message came always is.
    private void follow(Reading reading, Tracer tracer) {
        Span whole = arrival(reading.device(), tracer);
        if (whole == null) {
            return;
        }
        Pipeline pipeline = route.pipeline();
        whole.partSinceMark("decode " + pipeline.name()).end();
        reading.trace(whole.part("pipeline " + pipeline.name())
                .with("weir.pipeline", pipeline.name())
                .with("weir.stream", pipeline.name())
                .with("weir.device", reading.device())
                .with("weir.source", intake.source())
                .with("weir.topic", message.address())
                .with("weir.sequence", reading.sequence()));
    }

    private @Nullable Span arrival(String device, Tracer tracer) {
        if (arrival == null) {
            arrival = tracer.begin(intake.source(), message.address(), message.traceparent(), received);
            if (arrival != null && !device.isEmpty()) {
                arrival.with("weir.device", device);
            }
        }
        return arrival;
    }

    /// No reading of the message will come any more.
    void end() {
        Span whole = arrival;
        if (whole != null) {
            if (reason != null) {
                whole.failed(reason);
            }
            whole.end();
        }
    }

    private Inbox.Put await(Segment queue, Reading reading) throws InterruptedException {
        intake.waiting().increment();
        try {
            return patience == null || taken ? queue.put(reading) : queue.put(reading, patience);
        } catch (InterruptedException e) {
            Fate.DROPPED.of(reading, "interrupted");
            throw e;
        } finally {
            intake.waiting().decrement();
        }
    }

    private void fail(String why, String what) {
        if (reason == null) {
            reason = why;
            detail = what;
        }
        Pipeline pipeline = route.pipeline();
        pipeline.account().accepted.increment();
        pipeline.account().deadLettered.count(why);
        Tracer tracer = intake.tracer();
        Span whole = tracer.follows(route.device(), sequence << PLACE_BITS, message.traceparent())
                ? arrival(route.device(), tracer)
                : arrival;
        if (whole != null) {
            whole.partSinceMark("decode " + pipeline.name()).failed(why).end();
        }
        pipeline.deadLetters().add(pipeline.name(), intake.source(), route.device(), message, why, what, whole);
    }
}
