package dev.weir.connect.nats;

import dev.weir.connect.nats.Handover.Arrival;
import dev.weir.engine.Inlet;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.support.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads a stream through a durable consumer. It asks for as many messages and bytes as there is
/// room for, and keeps asking for more time for those that the node has not settled.
///
/// The requests are made here and not by jnats's consumers: those hand over from a queue of their
/// own, where a message cannot be kept alive, and ask again while messages are unsettled.
final class StreamFeed implements Feed {
    private static final Logger LOG = LoggerFactory.getLogger(StreamFeed.class);

    private static final int CONSUMER_NOT_FOUND = 10014;
    private static final int TIMEOUT = 408;
    private static final int NOTHING = 404;
    private static final int CONFLICT = 409;
    private static final int HEARTBEAT = 100;
    private static final Duration ROOM_PAUSE = Duration.ofMillis(200);
    private static final Duration FAREWELL = Duration.ofMillis(500);

    private final SourceOptions options;
    private final SourceOptions.Consumer consumer;
    private final Handover handover;
    private final Inlet inlet;
    private final Screen screen;
    private final Unsettled unsettled;

    /// After how long the server sends again. Written by the link's thread.
    private volatile Duration ackWait;

    // Only the link's thread.
    private Duration heartbeat;
    private long requests;

    /// The next message does not fit into what is free of `receive-bytes`.
    private boolean large;

    StreamFeed(SourceOptions options, SourceOptions.Consumer consumer, Handover handover, Inlet inlet) {
        this.options = options;
        this.consumer = consumer;
        this.handover = handover;
        this.inlet = inlet;
        this.screen = new Screen(options);
        this.unsettled = new Unsettled(options.receiveMaximum());
        this.ackWait = consumer.ackWait();
        this.heartbeat = Pull.heartbeat(options.link().keepAlive(), ackWait);
    }

    @Override
    public void follow(Link link, Wire wire) throws IOException, InterruptedException {
        Connection connection = wire.connection();
        int known = unsettled.connected(connection);
        ConsumerInfo info = consumer(connection);
        ackWait = Objects.requireNonNullElse(info.getConsumerConfiguration().getAckWait(), consumer.ackWait());
        heartbeat = Pull.heartbeat(options.link().keepAlive(), ackWait);
        String inbox = connection.createInbox();
        Subscription answers = connection.subscribe(inbox + ".*");
        wire.whenOver(() -> end(answers));
        link.ready(wire);
        if (info.getNumAckPending() > known && wire.awaitEnd(ackWait)) {
            // Another connection, or another life of this node, was given messages that are not
            // here. The server sends them again after this pause, before any later one.
            wire.check();
        }
        read(wire, answers, inbox);
    }

    private static void end(Subscription answers) {
        try {
            answers.unsubscribe();
        } catch (IllegalStateException over) {
            LOG.debug("the subscription had ended");
        }
    }

    /// The consumer, which is made if there is none.
    private ConsumerInfo consumer(Connection connection) throws IOException {
        JetStreamManagement jetStream = connection.jetStreamManagement(JetStreamOptions.builder()
                .requestTimeout(options.link().ackTimeout())
                .build());
        try {
            return usable(jetStream.getConsumerInfo(consumer.stream(), consumer.durable()));
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() != CONSUMER_NOT_FOUND) {
                throw explained(e);
            }
        }
        try {
            return usable(jetStream.addOrUpdateConsumer(consumer.stream(), wanted()));
        } catch (JetStreamApiException e) {
            throw explained(e);
        }
    }

    private ConsumerConfiguration wanted() {
        ConsumerConfiguration.Builder wanted = ConsumerConfiguration.builder()
                .durable(consumer.durable())
                .ackPolicy(AckPolicy.Explicit)
                .ackWait(consumer.ackWait())
                .maxAckPending(consumer.maxAckPending())
                .deliverPolicy(consumer.all() ? DeliverPolicy.All : DeliverPolicy.New);
        if (!options.subjects().isEmpty()) {
            wanted.filterSubjects(options.subjects());
        }
        return wanted.build();
    }

    private ConsumerInfo usable(ConsumerInfo info) throws IOException {
        ConsumerConfiguration found = info.getConsumerConfiguration();
        if (found.getDeliverSubject() != null || found.getAckPolicy() != AckPolicy.Explicit) {
            throw new IOException("the consumer '" + consumer.durable() + "' of stream '" + consumer.stream()
                    + "' must be a pull consumer with explicit acknowledgement: name another in 'durable'");
        }
        return info;
    }

    private IOException explained(JetStreamApiException e) {
        return new IOException(
                "stream '" + consumer.stream() + "', consumer '" + consumer.durable() + "': " + e.getErrorDescription(),
                e);
    }

    private void read(Wire wire, Subscription answers, String inbox) throws IOException, InterruptedException {
        Optional<Pull> pull = Optional.empty();
        Duration patience = heartbeat.plus(options.link().ackTimeout());
        while (true) {
            wire.check();
            if (pull.isEmpty()) {
                pull = request(wire, inbox);
                continue;
            }
            Message next = answers.nextMessage(patience);
            if (next == null) {
                throw new IOException("the consumer gave no sign of life for " + patience.toMillis() + " ms");
            }
            if (!next.isStatusMessage()) {
                arrived(next);
                if (pull.get().arrived()) {
                    pull = Optional.empty();
                }
            } else if (pull.get().isAbout(next.getSubject()) && isLast(next.getStatus(), pull.get())) {
                pull = Optional.empty();
            }
        }
    }

    /// Asks for what there is room for; empty while there is none.
    private Optional<Pull> request(Wire wire, String inbox) throws InterruptedException {
        // Half of it free, or all of it for a message that is larger than half.
        long limit = large ? 0 : options.receiveBytes() / 2;
        long waiting = handover.await(limit, ROOM_PAUSE);
        int room = unsettled.room(ROOM_PAUSE);
        if (waiting > limit || room == 0) {
            return Optional.empty();
        }
        requests++;
        // A message beyond all bounds is fetched alone, to be turned away.
        long bytes = large ? 0 : options.receiveBytes() - waiting;
        int messages = large ? 1 : room;
        large = false;
        return Optional.of(
                Pull.request(wire.connection(), consumer, inbox + "." + requests, messages, bytes, heartbeat));
    }

    /// Whether a status ends a request.
    ///
    /// @throws IOException if there will be no further messages
    private boolean isLast(Status status, Pull pull) throws IOException {
        return switch (status.getCode()) {
            case HEARTBEAT -> false;
            case TIMEOUT, NOTHING -> true;
            case CONFLICT -> {
                String text = String.valueOf(status.getMessage());
                if (text.startsWith(Status.MESSAGE_SIZE_EXCEEDS_MAX_BYTES)) {
                    large = pull.isUntouched();
                } else if (!text.startsWith(Status.BATCH_COMPLETED)) {
                    throw broken(text);
                }
                yield true;
            }
            default -> throw broken(status.getMessageWithCode());
        };
    }

    private IOException broken(String text) {
        return new IOException("the server does not deliver from consumer '" + consumer.durable() + "' of stream '"
                + consumer.stream() + "': " + text);
    }

    private void arrived(Message message) {
        if (!message.isJetStream()) {
            inlet.rejected("protocol");
            return;
        }
        Optional<Unsettled.Entry> fresh =
                unsettled.add(message.metaData().streamSequence(), String.valueOf(message.getReplyTo()));
        if (fresh.isEmpty()) {
            return;
        }
        String refusal = screen.refusal(message);
        if (refusal != null) {
            inlet.rejected(refusal);
            fresh.get().unwanted();
        } else if (!handover.offer(new Arrival(screen.shown(message), fresh.get()))) {
            // Only while the source is closed: no more was asked for than there is room for.
            fresh.get().refused();
        }
    }

    @Override
    public void error(String text) {
        LOG.warn("the server objects text=\"{}\"", text);
    }

    /// Often enough that no message is sent again that is only waiting.
    @Override
    public Duration every() {
        return ackWait.dividedBy(3);
    }

    @Override
    public void tick(Wire wire) {
        unsettled.inProgress();
    }

    @Override
    public void end(Wire wire, boolean closing) throws InterruptedException {
        // Nothing is given back: the server would hand it out at once and in any order. It sends
        // everything again, in order, when `ack-wait` is over.
        unsettled.disconnected();
        if (closing) {
            wire.farewell(FAREWELL);
        }
    }

    @Override
    public void close() {
        unsettled.disconnected();
    }
}
