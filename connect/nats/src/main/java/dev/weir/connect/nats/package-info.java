/// NATS: core subscriptions and JetStream consumers as a source, readings published as a sink. Both
/// are called `nats`.
///
/// **The client** is jnats, without its own reconnecting: its buffer for that time would hold what
/// nobody counts, its pauses do not grow, and it knows a connection only by its socket and PING.
/// `Link` connects again, for ever, with pauses that double and are random.
///
/// **Source, core.** At most once. jnats's dispatcher puts messages into a queue of
/// `receive-maximum` messages and `receive-bytes`, from which one thread hands them over in their
/// order. What does not fit is rejected as `slow-consumer`, wherever it was dropped. What is in the
/// queue survives a lost connection.
///
/// **Source, JetStream.** At least once, from a durable pull consumer with explicit
/// acknowledgement. No more is asked for than there is room for. A message is acknowledged when
/// the inlet settles it (accepted, unmatched, undecodable); one that is unwanted (`too-large`,
/// `loop`) is terminated; one that the inlet refuses at once is tried again before any other, and
/// one that it refuses later is sent again by the server after a second, out of its order. While a
/// message waits here the server is asked for more time, so that a slow node gets nothing twice.
///
/// **Order across connections.** Messages that are here stay here when a connection is lost, and
/// are acknowledged over the next one. Those that the server gave away and that never came, it
/// gives away again after the consumer's `ack-wait`: the source waits for that before it asks for
/// others, if the server has more unacknowledged than is here. Others who share the consumer make
/// that pause necessary too, and have no order between them.
///
/// **Sink.** At most `in-flight` messages are under way. Core: a batch is published, and a PING
/// behind it answered. JetStream: each message has its acknowledgement by the stream, and a name
/// (`Nats-Msg-Id`) by which the stream drops it when it comes again. A permission that is missing
/// refuses exactly the messages of that subject.
///
/// **Liveness.** The server is asked for a sign of life twice in each `keep-alive`, a pull is
/// answered by heartbeats, a publish by its acknowledgement: what is not answered within
/// `ack-timeout` ends the connection, whatever TCP says.
///
/// **Bounds.** The queues above, and jnats's own before them of the same size; what waits to be
/// written is bounded by what may be under way. jnats takes memory for a message as large as the
/// server announces it: the server is trusted with that (`max_payload` there, 1 MiB by default).
///
/// **Threads**, virtual ones named `nats-source-NAME` and `nats-sink-NAME`: the link, its watch,
/// the source's hand-over, and jnats's own. All end with the source or sink.
///
/// **Loops.** The sink counts the nodes in the header `weir-hops`; the source rejects what has
/// passed more than `max-hops`.
@NullMarked
package dev.weir.connect.nats;

import org.jspecify.annotations.NullMarked;
