/// HTTP into the node, the `http` source, and out of it: the `webhook` sink posts readings, the
/// `webhook` action posts commands.
///
/// **Source.** [HttpSource] is a server of its own. A request runs through [IngestHandler]: who
/// sends it ([Callers]), whether that one may, its [Body] within a [Budget], split into a [Batch],
/// and handed over message by message ([HandOver]). How a client asks and is answered is its
/// [Dialect]: [Readings] or [Influx]. `docs/http-ingest.md` is what users are told.
///
/// **Delivery.** 204 says that all readings were taken as far as `ack:` says. An element that is
/// wrong by itself does not keep the others out: 400 says which and how many. Where there is no
/// room, 503 says where to go on. One who sends a request again with its
/// `Idempotency-Key` gets the first answer, or goes on where it stopped ([IdempotencyKeys]). What
/// destroys that: no key, a key that was forgotten, or a restart of the node.
///
/// **Threads and bounds.** A virtual thread for each connection that has a request, named
/// `http-NAME`, which waits for room in the pipelines and for acknowledgements. `max-connections`
/// bounds requests, `max-body` the bytes of one before and behind decompression, `max-in-flight`
/// the bytes of all, [Elements#MOST] the readings of one. A request's head must come within `idle`
/// ([SlowConnections]), its body at a KiB a second. What is turned away is counted by reason and
/// logged once a minute ([Complaints]).
///
/// **Sink.** A reading is posted as a JSON object ([dev.weir.engine.ReadingJson]), or several as a
/// list where `batch` is above 1. Answers: 2xx completes them. 408, 425, 429 and 5xx, a redirect, a
/// lost connection and silence are tried again by the engine with back-off, not before what
/// `Retry-After` asks for, up to `max-wait`. Any other 4xx refuses them: they become dead letters.
/// Redirects are never followed, since they would carry the headers elsewhere. At least once: a
/// reading whose answer was lost is posted again. What destroys it: a 4xx for a passing reason.
///
/// **Action.** One attempt, since a command is carried out at most once; its id goes along as
/// `Idempotency-Key`.
///
/// Sinks and actions wait on the engine's thread; `java.net.http` has one selector thread,
/// `HttpClient-N-SelectorManager`, and short virtual threads, named `webhook-NAME-N`. Of an answer
/// at most 64 KiB are read and 200 characters shown. The `timeout` covers the whole exchange, the
/// body included. Values of headers never appear in a message.
@NullMarked
package dev.weir.connect.http;

import org.jspecify.annotations.NullMarked;
