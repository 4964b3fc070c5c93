/// Go's concurrency model on virtual threads: straight-line code that blocks, talks through channels, and can be
/// cancelled.
///
/// - [Channel][dev.weir.runtime.Channel]: a bounded or unbuffered queue between threads, with an end.
///   [SendChannel][dev.weir.runtime.SendChannel] and [ReceiveChannel][dev.weir.runtime.ReceiveChannel] are its sides.
/// - [Select][dev.weir.runtime.Select]: the first of several sends, receives, a timeout and a context.
/// - [Context][dev.weir.runtime.Context]: cancellation, deadline and values of a task, passed down explicitly.
/// - [Group][dev.weir.runtime.Group]: tasks in virtual threads of which the first failure counts, and which none
///   outlives.
///
/// **Which verb waits.** `send`, `receive`, `select` and `await` block. `trySend` and `tryReceive` never do, unless
/// they are given a `Duration`, which is how long they wait. A method that blocks throws
/// [InterruptedException][java.lang.InterruptedException] when its thread is interrupted before or while it waits, and
/// then has neither sent nor taken anything; if the operation was completed first, it stands, and the interrupt status
/// stays set.
///
/// **How things end.** A producer closes its channel; consumers iterate to its end, or meet
/// [ReceiveOnClosedException][dev.weir.runtime.ReceiveOnClosedException]. To send on a closed channel or to close it
/// twice is a mistake in the program, as in Go. Cancellation goes from a context to all that descend from it, and ends
/// every operation that was given one of them with a [ContextException][dev.weir.runtime.ContextException].
///
/// **Threads.** Everything works from virtual and platform threads alike. Nothing here holds a lock while it runs the
/// caller's code. What a thread did before a send, a close, a cancel or a failure is visible to the thread that
/// receives it, or is told of it. Deadlines are kept by one daemon platform thread, `weir-deadlines`, which starts
/// with the first; timeouts of channel operations and of select need no thread.
///
/// **Not here, on purpose.** Null elements, unbounded channels, and a way to learn whether a channel is closed without
/// receiving: the answer would be out of date when it is read.
@NullMarked
package dev.weir.runtime;

import org.jspecify.annotations.NullMarked;
