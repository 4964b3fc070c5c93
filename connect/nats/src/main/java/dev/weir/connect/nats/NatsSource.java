package dev.weir.connect.nats;

import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Inlet;
import dev.weir.engine.Source;
import org.jspecify.annotations.Nullable;

/// Takes messages from a NATS server. See the package for what is promised and how it is bounded.
final class NatsSource implements Source {
    /// What a message costs beside its payload, headers and subject included.
    private static final long BYTES_EACH = 1024;

    private final SourceOptions options;
    private final Surroundings surroundings;
    private final Handover handover;

    // Null until open.
    private @Nullable Link link;
    private @Nullable Feed feed;

    NatsSource(SourceOptions options, Surroundings surroundings) {
        this.options = options;
        this.surroundings = surroundings;
        this.handover = new Handover(options.receiveMaximum(), options.receiveBytes());
    }

    @Override
    public void open(Inlet inlet) {
        Feed made = options.consumer().isPresent()
                ? new StreamFeed(options, options.consumer().get(), handover, inlet)
                : new CoreFeed(options, handover, inlet);
        Link started = new Link(
                surroundings.name(), "source", options.link(), options.receiveMaximum(), made, surroundings.meters());
        feed = made;
        link = started;
        handover.start(started.name() + "-handover", inlet);
        started.start();
    }

    /// jnats has a queue before ours, of the same bounds.
    @Override
    public long worstCaseBytes() {
        return 2 * (options.receiveBytes() + options.maxPayload() + options.receiveMaximum() * BYTES_EACH);
    }

    @Override
    public void close() {
        handover.close();
        Link last = link;
        Feed ended = feed;
        link = null;
        feed = null;
        if (last != null && ended != null) {
            last.close();
            ended.close();
        }
    }
}
