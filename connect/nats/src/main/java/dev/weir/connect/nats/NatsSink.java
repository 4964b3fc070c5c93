package dev.weir.connect.nats;

import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.DeliveryId;
import dev.weir.engine.Reading;
import dev.weir.engine.ReadingJson;
import dev.weir.engine.Sink;
import dev.weir.engine.Span;
import dev.weir.engine.Template;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamOptions;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Publishes readings at a NATS server. `write` may be called by several threads.
final class NatsSink implements Sink, Link.Session {
    /// What a stream will say again however often it is asked: the message, or its header, is too
    /// large for it.
    private static final Set<Integer> FOR_GOOD = Set.of(10054, 10097);

    private static final int NO_RESPONDERS = 503;

    private final SinkOptions options;
    private final DeliveryId ids;
    private final Flight flight;
    private final Link link;

    NatsSink(SinkOptions options, Surroundings surroundings) {
        this.options = options;
        this.ids = new DeliveryId(surroundings.node());
        this.flight = new Flight(options.inFlight());
        this.link =
                new Link(surroundings.name(), "sink", options.link(), options.inFlight(), this, surroundings.meters());
    }

    @Override
    public void open() {
        link.start();
    }

    @Override
    public void follow(Link up, Wire wire) throws IOException, InterruptedException {
        up.ready(wire);
        wire.awaitEnd();
    }

    @Override
    public void error(String text) {
        flight.error(text);
    }

    /// What goes out for a reading.
    @SuppressWarnings("ArrayRecordComponent") // sent at once
    private record Outgoing(String subject, Headers headers, byte[] payload) {}

    /// The way to the server, and the acknowledgements of one window after the other.
    @Override
    public Duration patience() {
        int windows = batch() / options.inFlight() + 1;
        return Sink.super
                .patience()
                .plus(options.link().connectTimeout())
                .plus(options.link().ackTimeout().multipliedBy(2L * windows));
    }

    @Override
    public void write(List<Reading> batch) throws IOException, InterruptedException {
        Wire wire = link.await(options.link().connectTimeout());
        // All of them first: where one does not fit, none is sent.
        List<Outgoing> messages = new ArrayList<>(batch.size());
        for (Reading reading : batch) {
            messages.add(rendered(reading, wire.connection().getMaxPayload()));
        }
        try {
            for (int from = 0; from < messages.size(); from += options.inFlight()) {
                int to = Math.min(messages.size(), from + options.inFlight());
                publish(wire, messages.subList(from, to));
            }
        } catch (IllegalStateException lost) {
            wire.check();
            throw new IOException("the server takes no more: " + lost.getMessage(), lost);
        }
    }

    private Outgoing rendered(Reading reading, long most) {
        try {
            String subject = options.subject().render(reading);
            // A dot in a value would make two tokens of it.
            if (!Subjects.isSubject(subject)
                    || Subjects.depth(subject)
                            != Subjects.depth(options.subject().toString())) {
                throw new Refused("'" + options.subject() + "' cannot take the reading of " + reading.device()
                        + ": a token must not be empty or contain '.', '*', '>' or white space");
            }
            byte[] payload = options.payload().isEmpty()
                    ? ReadingJson.bytes(reading)
                    : options.payload().get().render(reading).getBytes(StandardCharsets.UTF_8);
            Headers headers = new Headers().put(Hops.HEADER, String.valueOf(reading.hops() + 1));
            Span trace = reading.trace();
            if (trace != null) {
                headers.put(Hops.TRACE, trace.traceparent());
            }
            String type = options.contentType();
            if (type != null) {
                headers.put("Content-Type", type);
            }
            if (options.jetStream()) {
                headers.put("Nats-Msg-Id", ids.of(List.of(reading), payload, subject));
            }
            long size = (long) payload.length + headers.serializedLength();
            if (size > most) {
                throw new Refused("a message of " + size + " bytes for '" + subject + "' is larger than the " + most
                        + " that the server allows (its max_payload)");
            }
            return new Outgoing(subject, headers, payload);
        } catch (Template.Unfit unfit) {
            throw new Refused(String.valueOf(unfit.getMessage()));
        }
    }

    private void publish(Wire wire, List<Outgoing> messages) throws IOException, InterruptedException {
        List<Flight.Sent> sent = new ArrayList<>(messages.size());
        // Its own patience is longer than ours, which ends the connection.
        JetStream jetStream = wire.connection()
                .jetStream(JetStreamOptions.builder()
                        .requestTimeout(options.link().ackTimeout().multipliedBy(2))
                        .build());
        flight.reserve(messages.size());
        try {
            for (Outgoing message : messages) {
                Flight.Sent next = flight.begin(message.subject());
                sent.add(next);
                if (options.jetStream()) {
                    stream(jetStream, message, next);
                } else {
                    wire.connection().publish(message.subject(), message.headers(), message.payload());
                }
            }
            if (!options.jetStream()) {
                wire.flush(options.link().ackTimeout());
                sent.forEach(one -> one.answer.complete(null));
            }
            judge(wire, sent);
        } finally {
            flight.release(messages.size() - sent.size());
            // What was not answered is written again by the engine.
            sent.forEach(one -> one.answer.cancel(false));
        }
    }

    private static void stream(JetStream jetStream, Outgoing message, Flight.Sent sent) {
        var _ = jetStream
                .publishAsync(message.subject(), message.headers(), message.payload())
                .whenComplete((_, failure) -> {
                    if (failure == null) {
                        sent.answer.complete(null);
                    } else {
                        sent.answer.completeExceptionally(failure);
                    }
                });
    }

    /// Waits for all answers; the worst one counts.
    private void judge(Wire wire, List<Flight.Sent> sent) throws IOException, InterruptedException {
        long end = System.nanoTime() + options.link().ackTimeout().toNanos();
        Optional<IOException> later = Optional.empty();
        Optional<Refused> never = Optional.empty();
        for (Flight.Sent one : sent) {
            try {
                one.answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                wire.fail("the server did not acknowledge a message for '" + one.subject + "' within "
                        + options.link().ackTimeout().toMillis() + " ms");
                wire.check();
            } catch (CancellationException e) {
                later = Optional.of(unanswered(wire, one.subject));
            } catch (ExecutionException e) {
                switch (verdict(wire, one.subject, e.getCause())) {
                    case Refused refused -> never = Optional.of(refused);
                    case Exception other -> later = Optional.of(new IOException(other.getMessage(), other));
                }
            }
        }
        if (later.isPresent()) {
            throw later.get();
        }
        if (never.isPresent()) {
            throw never.get();
        }
    }

    private Exception verdict(Wire wire, String subject, @Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        // jnats wraps what it or the server said once or twice.
        if (cause instanceof RuntimeException && cause.getCause() instanceof Exception inner) {
            cause = inner;
        }
        return switch (cause) {
            case Refused refused -> refused;
            case JetStreamApiException said
            when FOR_GOOD.contains(said.getApiErrorCode()) ->
                new Refused("the stream of '" + subject + "' refuses the message: " + said.getErrorDescription());
            case JetStreamApiException said ->
                new IOException("the stream of '" + subject + "' says: " + said.getErrorDescription());
            case CancellationException _ -> unanswered(wire, subject);
            case null -> unanswered(wire, subject);
            case IOException other
            when String.valueOf(other.getMessage()).contains(" " + NO_RESPONDERS + " ") -> unanswered(wire, subject);
            case Throwable other -> new IOException("publish to '" + subject + "': " + other.getMessage());
        };
    }

    private static IOException unanswered(Wire wire, String subject) {
        try {
            wire.check();
        } catch (IOException lost) {
            return lost;
        }
        return new IOException("nobody answers for '" + subject
                + "': make a stream that takes this subject, or leave out 'jetstream'");
    }

    @Override
    public void close() {
        link.close();
    }
}
