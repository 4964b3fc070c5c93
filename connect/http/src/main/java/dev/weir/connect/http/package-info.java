/// HTTP out of the node: the `webhook` sink posts readings, the `webhook` action posts commands.
///
/// **Sink.** A reading is posted as a JSON object ([dev.weir.engine.ReadingJson]), or several as a
/// list where `batch` is above 1. Answers: 2xx completes them. 408, 425, 429 and 5xx, a redirect, a
/// lost connection and silence are tried again by the engine with back-off, not before what
/// `Retry-After` asks for, up to `max-wait`. Any other 4xx refuses them: they become dead letters.
/// Redirects are never followed, since they would carry the headers elsewhere.
///
/// **Delivery.** At least once: a reading whose answer was lost is posted again. What destroys it:
/// a 4xx for a passing reason.
///
/// **Action.** One attempt, since a command is carried out at most once; its id goes along as
/// `Idempotency-Key`.
///
/// **Threads and bounds.** The engine's thread waits for the answer; `java.net.http` has one
/// selector thread, `HttpClient-N-SelectorManager`, and short virtual threads, named
/// `webhook-NAME-N`. Of an answer at most 64 KiB are read and 200 characters shown. The `timeout`
/// covers the whole exchange, the body included. Values of headers never appear in a message.
@NullMarked
package dev.weir.connect.http;

import org.jspecify.annotations.NullMarked;
