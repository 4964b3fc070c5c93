package dev.weir.connect.nats;

import dev.weir.connect.nats.Handover.Arrival;
import dev.weir.connect.nats.Handover.Settlement;
import dev.weir.engine.Inlet;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes messages as they fly by. Nobody waits for an acknowledgement, so there is no way to slow
/// the sender down: what has no room is dropped and counted.
final class CoreFeed implements Feed {
    private static final Logger LOG = LoggerFactory.getLogger(CoreFeed.class);
    private static final Pattern DENIED = Pattern.compile("(?i)subscription to \"([^\"]*)\"");
    private static final String SHUTDOWN = "shutdown";
    private static final Duration COUNT_PAUSE = Duration.ofSeconds(1);

    private static final Settlement NOBODY_WAITS = new Settlement() {
        @Override
        public void taken() {}

        // The node has counted it.
        @Override
        public void refused() {}
    };

    private final SourceOptions options;
    private final Handover handover;
    private final Inlet inlet;
    private final Screen screen;

    /// The filters that the server does not allow, on this connection.
    private final Set<String> denied = ConcurrentHashMap.newKeySet();

    private final Dropped dropped;

    CoreFeed(SourceOptions options, Handover handover, Inlet inlet) {
        this.options = options;
        this.handover = handover;
        this.inlet = inlet;
        this.screen = new Screen(options);
        this.dropped = new Dropped(inlet);
    }

    @Override
    public void follow(Link link, Wire wire) throws IOException, InterruptedException {
        denied.clear();
        Dispatcher dispatcher = wire.connection().createDispatcher(this::arrived);
        dispatcher.setPendingLimits(options.receiveMaximum(), options.receiveBytes());
        dropped.begin(dispatcher);
        String queue = options.queue();
        for (String subject : options.subjects()) {
            if (queue == null) {
                dispatcher.subscribe(subject);
            } else {
                dispatcher.subscribe(subject, queue);
            }
        }
        wire.flush(options.link().ackTimeout());
        if (denied.size() >= options.subjects().size()) {
            throw new IOException("the server allows none of the subscriptions to " + options.subjects() + ": "
                    + options.link().login() + " may not read them");
        }
        denied.forEach(subject -> LOG.warn(
                "subscription refused link={} subject={} reason=\"{} may not read it\"",
                link.name(),
                subject,
                options.link().login()));
        link.ready(wire);
        wire.awaitEnd();
    }

    /// On jnats's dispatcher thread.
    private void arrived(Message message) {
        String refusal = screen.refusal(message);
        if (refusal != null) {
            inlet.rejected(refusal);
        } else if (!handover.offer(new Arrival(screen.shown(message), NOBODY_WAITS))) {
            if (handover.isClosed()) {
                inlet.rejected(SHUTDOWN);
            } else {
                slow();
                inlet.rejected(Dropped.SLOW);
            }
        }
    }

    @Override
    public void error(String text) {
        Matcher about = DENIED.matcher(text);
        if (about.find() && options.subjects().contains(about.group(1))) {
            denied.add(about.group(1));
        }
    }

    @Override
    public void slow() {
        dropped.complain();
    }

    @Override
    public Duration every() {
        return COUNT_PAUSE;
    }

    @Override
    public void tick(Wire wire) {
        dropped.count();
    }

    @Override
    public void ended() {
        dropped.end();
    }

    @Override
    public void close() {
        for (int i = handover.left(); i > 0; i--) {
            inlet.rejected(SHUTDOWN);
        }
    }
}
