package dev.weir.testkit;

import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Sink;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// The real peer of a sink, for [SinkContract]: a web server, a broker, a file. Made anew for each
/// test, closed after it, after the sink.
///
/// ```java
/// final class Peer implements SinkRig {
///     private Server server = new Server();                     // a real one, on port 0
///
///     public Sink make(Surroundings surroundings) {
///         return new MySink(server.url(), Duration.ofSeconds(1));   // a short timeout
///     }
///
///     public List<Numbered> received() {
///         return server.bodies().stream().flatMap(body -> Numbered.allIn(body).stream()).toList();
///     }
///
///     public void peerAway() { server.stop(); }
///     public void peerBack() { server.startOnTheSamePort(); }
///     public void hang() { server.answersNothing(); }
///     public boolean hangs() { return server.waiting() > 0; }
///     public void recover() { server.answers(); }
///     public void refuseNext() { server.answersNext(400); }
///     public String threads() { return "my-contract"; }
///     public void close() { server.stop(); }
/// }
/// ```
public interface SinkRig extends AutoCloseable {
    /// What a sink and its protocol may have or not.
    enum Feature {
        /// The peer can go away and come back: [SinkRig#peerAway].
        PEER,
        /// The peer can take what it is sent and say nothing: [SinkRig#hang].
        HANG,
        /// The peer can refuse readings for good: [SinkRig#refuseNext].
        REFUSAL,
        /// Nothing arrives twice when the peer was away. An answer that is lost may well repeat a
        /// reading, as the sink's `Delivery` says.
        ONCE
    }

    /// Constructs the sink under test, called `contract` by its surroundings, with a timeout of a
    /// minute or more, so that a test that wakes it up is not helped by the timeout.
    Sink make(Surroundings surroundings) throws Exception;

    /// What the peer has now, in the order in which it came.
    List<Numbered> received() throws Exception;

    /// The peer goes away: connecting to it fails.
    default void peerAway() throws Exception {
        throw new UnsupportedOperationException("without(PEER)?");
    }

    /// The peer is back where it was, with what it had received.
    default void peerBack() throws Exception {
        throw new UnsupportedOperationException("without(PEER)?");
    }

    /// From now on the peer says nothing to what it is sent.
    default void hang() throws Exception {
        throw new UnsupportedOperationException("without(HANG)?");
    }

    /// Whether something has reached the peer since [#hang], so that the sink waits for its answer.
    default boolean hangs() throws Exception {
        throw new UnsupportedOperationException("without(HANG)?");
    }

    /// The peer answers again.
    default void recover() throws Exception {
        throw new UnsupportedOperationException("without(HANG)?");
    }

    /// The peer refuses the next readings for good, once.
    default void refuseNext() throws Exception {
        throw new UnsupportedOperationException("without(REFUSAL)?");
    }

    /// What the names of all threads of the sink begin with, when it is called `contract`.
    String threads();

    /// What the protocol has not, with the reason, which the report shows.
    default Map<Feature, String> without() {
        return Map.of();
    }

    /// Ends the peer.
    @Override
    void close() throws IOException;
}
