package dev.weir.testkit;

import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Source;
import java.io.IOException;
import java.util.Map;

/// The real peer of a source, for [SourceContract]: the devices of a server, the broker of a
/// client, the program that writes a file. Made anew for each test, closed after it, after the
/// source.
///
/// ```java
/// final class Devices implements SourceRig {
///     private MyServer server;
///     private final Map<String, Client> clients = new ConcurrentHashMap<>();
///
///     public Source make(Surroundings surroundings) {
///         return server = new MyServer(options, surroundings);       // listens on port 0
///     }
///
///     public void send(String device, int n) {
///         clients.computeIfAbsent(device, d -> new Client(server.address()))
///                 .publish("things/" + device, new Numbered(device, n).bytes());
///     }
///
///     public boolean acknowledged(String device, int n) { return clients.get(device).has(n); }
///     public void breakConnection() { clients.values().forEach(Client::reset); clients.clear(); }
///     public String threads() { return "my-contract"; }
///     public Map<Feature, String> without() {
///         return Map.of(Feature.REFUSAL, "a full pipeline makes it stop reading");
///     }
///     public void close() { clients.values().forEach(Client::close); }
/// }
/// ```
public interface SourceRig extends AutoCloseable {
    /// What a source and its protocol may have or not.
    enum Feature {
        /// The peer learns that a message was taken: [SourceRig#acknowledged].
        ACKNOWLEDGEMENT,
        /// A peer may send further messages of a device before the first is acknowledged.
        IN_FLIGHT,
        /// The peer learns that there was no room, or that a message was not wanted:
        /// [SourceRig#refused].
        REFUSAL,
        /// What had no room comes by itself once there is some, because the source waits or the
        /// peer sends it again. Without, the device has to send it again.
        RETURN,
        /// There are connections, and they can break: [SourceRig#breakConnection].
        CONNECTION,
        /// The source connects to a peer, which can go away: [SourceRig#peerAway].
        PEER,
        /// It has queues or stores of its own, which [Source#worstCaseBytes] counts.
        BUFFERS
    }

    /// Constructs the source under test, called `contract` by its surroundings. May be called
    /// again after the one before was closed; [#send] goes to the last one.
    Source make(Surroundings surroundings) throws Exception;

    /// The real peer sends the n-th message of a device, and connects that device first if need
    /// be. Does not wait for the acknowledgement; may block while the source reads nothing, and may
    /// fail once the source is closed. Called for different devices by different threads.
    ///
    /// The payload is [Numbered#bytes], or [#read] says what it is.
    void send(String device, int n) throws Exception;

    /// Finds out which message the source handed over: by the payload, [Numbered#json].
    default Numbered read(RecordingInlet.Taken taken) {
        return Numbered.in(taken.text());
    }

    /// Whether the peer has been told that the node took a message. Does not block.
    default boolean acknowledged(String device, int n) throws Exception {
        throw new UnsupportedOperationException("without(ACKNOWLEDGEMENT)?");
    }

    /// Whether the peer has been told that the node did not take a message, or does not want it.
    /// Does not block.
    default boolean refused(String device, int n) throws Exception {
        return false;
    }

    /// Breaks all connections, as a network does: no good-bye. The next [#send] connects again
    /// where it is the peer that connects.
    default void breakConnection() throws Exception {
        throw new UnsupportedOperationException("without(CONNECTION)?");
    }

    /// The peer that the source connects to goes away, and loses nothing that was not acknowledged.
    default void peerAway() throws Exception {
        throw new UnsupportedOperationException("without(PEER)?");
    }

    /// The peer is back where it was.
    default void peerBack() throws Exception {
        throw new UnsupportedOperationException("without(PEER)?");
    }

    /// What the names of all threads of the source begin with, when it is called `contract`.
    String threads();

    /// What the protocol has not, with the reason, which the report shows.
    default Map<Feature, String> without() {
        return Map.of();
    }

    /// Ends the peer.
    @Override
    void close() throws IOException;
}
