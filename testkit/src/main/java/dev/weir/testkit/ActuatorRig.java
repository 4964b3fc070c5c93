package dev.weir.testkit;

import dev.weir.engine.Actuator;
import dev.weir.engine.Connector.Surroundings;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// The real peer of an actuator, for [ActuatorContract]. Like a [SinkRig], for commands: each has
/// [Numbered#json] as its payload.
public interface ActuatorRig extends AutoCloseable {
    /// What an actuator and its protocol may have or not.
    enum Feature {
        /// The peer can go away and come back: [ActuatorRig#peerAway].
        PEER,
        /// The peer can take what it is sent and say nothing: [ActuatorRig#hang].
        HANG
    }

    /// Constructs the actuator under test, called `contract` by its surroundings, with a timeout of
    /// a minute or more.
    Actuator make(Surroundings surroundings) throws Exception;

    /// Where commands to a device go: a topic, a URL.
    String address(String device);

    /// What the peer has now, in the order in which it came. May wait for what is on its way.
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

    /// Whether something has reached the peer since [#hang].
    default boolean hangs() throws Exception {
        throw new UnsupportedOperationException("without(HANG)?");
    }

    /// The peer answers again.
    default void recover() throws Exception {
        throw new UnsupportedOperationException("without(HANG)?");
    }

    /// What the names of all threads of the actuator begin with, when it is called `contract`.
    String threads();

    /// What the protocol has not, with the reason, which the report shows.
    default Map<Feature, String> without() {
        return Map.of();
    }

    /// Ends the peer.
    @Override
    void close() throws IOException;
}
