package dev.weir.connect.mqttclient;

import dev.weir.connect.mqttclient.Inbox.Event;
import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Inlet;
import dev.weir.engine.Message;
import dev.weir.engine.Receipt;
import dev.weir.engine.Source;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Subscribes at a broker and hands over what comes, one message after the other on the link's
/// thread. See the package for what is promised and how it is bounded.
final class MqttClientSource implements Source, Link.Session {
    private static final Logger LOG = LoggerFactory.getLogger(MqttClientSource.class);

    private static final long RETRY_NANOS = 20_000_000;

    private final SourceOptions options;
    private final Link link;

    // Only the link's thread, after open.
    private boolean holding;
    private @Nullable Inlet inlet;
    private @Nullable Connection connection;

    MqttClientSource(SourceOptions options, Surroundings surroundings) {
        this.options = options;
        this.holding = !options.link().five();
        this.link = new Link(surroundings.name(), "source", options.link(), this, surroundings.meters());
    }

    @Override
    public void open(Inlet into) {
        inlet = into;
        link.start();
    }

    /// Both kinds of messages in the inbox, and one packet that is just being put together.
    @Override
    public long worstCaseBytes() {
        return Inbox.worstCaseBytes(options.link().inboxBytes())
                + 2L * options.link().maxPacket();
    }

    @Override
    public Greeting greeting() {
        return new Greeting(
                options.cleanStart(),
                Math.min(0xffff_fffeL, options.sessionExpiry().toSeconds()),
                options.receiveMaximum(),
                holding);
    }

    @Override
    public void use(Link up, Connection to) throws IOException, InterruptedException {
        connection = to;
        Inlet door = Objects.requireNonNull(inlet);
        to.subscribe(options.topics(), options.qos());
        while (true) {
            switch (to.inbox().take()) {
                case Event.Came(Arrival message) -> arrived(message, to, door);
                case Event.TurnedAway(String reason, long count) -> turnedAway(reason, count, door);
                case Event.Granted(List<Integer> codes) -> {
                    granted(codes);
                    up.ready(to);
                }
                case Event.Over(String why) -> throw new IOException(why);
            }
        }
    }

    private void granted(List<Integer> codes) throws IOException {
        boolean any = false;
        for (int i = 0; i < codes.size(); i++) {
            int code = codes.get(i);
            String filter = options.topics().get(i);
            if (Reason.isFailure(code)) {
                LOG.warn("subscription refused filter={} reason=\"{}\"", filter, Reason.shown(code, null));
            } else {
                any = true;
                if (code < options.qos()) {
                    LOG.warn("subscription has a lower QoS filter={} asked={} granted={}", filter, options.qos(), code);
                }
            }
        }
        if (!any) {
            throw new IOException("the broker refused every subscription, the first one as "
                    + Reason.shown(codes.getFirst(), null) + ": check the topics and what the user may read");
        }
    }

    private static void turnedAway(String reason, long count, Inlet door) {
        for (long i = 0; i < count; i++) {
            door.rejected(reason);
        }
    }

    private void arrived(Arrival message, Connection from, Inlet door) throws InterruptedException {
        if (message.hops() > options.maxHops()) {
            door.rejected("loop");
            from.inbox().settle(message);
            return;
        }
        try {
            handOver(message, from, door);
        } catch (InterruptedException closed) {
            if (message.qos() == 0) {
                door.rejected("closed");
            }
            throw closed;
        }
    }

    /// Hands a message over, and again while the inlet says at once that it cannot take it: what
    /// comes after it waits in the inbox.
    private void handOver(Arrival message, Connection from, Inlet door) throws InterruptedException {
        byte[] bytes = message.bytes();
        Message shown = new Message(
                message.topic(),
                bytes,
                0,
                bytes.length,
                message.contentType(),
                options.link().broker(),
                message.hops(),
                message.trace());
        while (true) {
            Told told = new Told(message, from);
            door.accept(shown, told);
            if (!told.isRefused()) {
                return;
            }
            LockSupport.parkNanos(this, RETRY_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /// What the inlet says about one attempt.
    private static final class Told implements Inlet.Ack {
        private final Arrival message;
        private final Connection from;

        // Guarded by this.
        private boolean refused;
        private boolean returned;

        Told(Arrival message, Connection from) {
            this.message = message;
            this.from = from;
        }

        @Override
        public void settle(Receipt receipt) {
            switch (receipt) {
                case Receipt.Accepted _, Receipt.Unmatched _, Receipt.Undecodable _ ->
                    from.inbox().settle(message);
                case Receipt.Overloaded _ -> refuse();
            }
        }

        /// An MQTT broker sends again only over a new connection, so a late refusal ends this one;
        /// a message of QoS 0 is lost, as it may be.
        private void refuse() {
            boolean late;
            synchronized (this) {
                refused = true;
                late = returned;
            }
            if (late && message.qos() > 0) {
                from.fail("the node was overloaded: the broker is asked for the unacknowledged messages again");
            }
        }

        /// Whether the message was refused before `accept` returned.
        synchronized boolean isRefused() {
            returned = true;
            return refused;
        }
    }

    @Override
    public void end(String why) {
        Connection last = connection;
        if (last == null) {
            return;
        }
        connection = null;
        last.fail(why);
        countRest(last.inbox(), Objects.requireNonNull(inlet));
        if (last.isOverrun() && !holding) {
            // Messages so large that fewer fit, or a broker like mosquitto 2.0.11, which sends more
            // than it was told: without this it would do so over every connection.
            holding = true;
            LOG.warn(
                    "the broker sends too much at once, its socket is read with pauses from now on broker={}",
                    options.link().broker());
        }
    }

    /// Nobody takes any more what lies in the inbox.
    private static void countRest(Inbox inbox, Inlet door) {
        while (true) {
            switch (inbox.rest()) {
                case Event.Came _ -> door.rejected("closed");
                case Event.TurnedAway(String reason, long count) -> turnedAway(reason, count, door);
                case Event.Granted _ -> {}
                case Event.Over _ -> {
                    return;
                }
            }
        }
    }

    @Override
    public void close() {
        link.close();
    }
}
