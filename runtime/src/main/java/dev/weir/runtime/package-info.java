/// Go's concurrency model on virtual threads: straight-line code that blocks, talks through
/// channels, and can be cancelled.
///
/// - [Scheduler][dev.weir.runtime.Scheduler]: runs virtual threads as Go runs goroutines, in
/// [lanes][dev.weir.runtime.Lane].
/// - [Channel][dev.weir.runtime.Channel]: a bounded or unbuffered queue between threads, with an
/// end. [SendChannel][dev.weir.runtime.SendChannel] and
/// [ReceiveChannel][dev.weir.runtime.ReceiveChannel] are its sides.
/// - [Select][dev.weir.runtime.Select]: the first of several sends, receives, a timeout and a
/// context; fair, or by priority.
/// - [Ticker][dev.weir.runtime.Ticker] and [ChannelTimer][dev.weir.runtime.ChannelTimer]: time as
/// elements of a channel.
/// - [Context][dev.weir.runtime.Context]: cancellation, deadline and values of a task, passed down
/// explicitly; [ForeignContext][dev.weir.runtime.ForeignContext] joins somebody else's to it.
/// - [Group][dev.weir.runtime.Group]: tasks in virtual threads of which the first failure counts,
/// and which none outlives. [Gather][dev.weir.runtime.Gather]: tasks of which every
/// [Outcome][dev.weir.runtime.Outcome] counts. [WaitGroup][dev.weir.runtime.WaitGroup]: tasks that
/// are only waited for.
/// - [WeightedSemaphore][dev.weir.runtime.WeightedSemaphore]: how much at the same time.
/// [RateLimiter][dev.weir.runtime.RateLimiter]: how often.
/// [Singleflight][dev.weir.runtime.Singleflight]: one call for all who ask for the same.
///
/// **Which verb waits.** `send`, `receive`, `select`, `await`, `acquire`, `call` and, at a limit,
/// `go` block. What begins with `try` never does, unless it is given a `Duration`, which is how
/// long it waits. What waits has a form that takes a context, which ends the wait. A method that
/// blocks throws [InterruptedException][java.lang.InterruptedException] when its thread is
/// interrupted before or while it waits, and then has neither sent nor taken anything; if the
/// operation was completed first, it stands, and the interrupt status stays set.
///
/// **Many at once.** `sendAll` and `receiveUpTo` move batches under one lock, and wake one thread
/// instead of many. If `sendAll` ends early it says how many elements were sent
/// ([PartialSendException][dev.weir.runtime.PartialSendException]); any other exception means none.
///
/// **How things end.** A producer closes its channel; consumers iterate to its end, or meet
/// [ReceiveOnClosedException][dev.weir.runtime.ReceiveOnClosedException]. To send on a closed
/// channel or to close it twice is a mistake in the program, as in Go. Cancellation goes from a
/// context to all that descend from it, and ends every operation that was given one of them with a
/// [ContextException][dev.weir.runtime.ContextException].
///
/// **Contexts and interruption.** Cancellation goes by the context, and does not interrupt: an
/// interrupt closes the file that a task is writing. Where a call knows interruption only,
/// [interrupting][dev.weir.runtime.Context#interrupting(dev.weir.runtime.Context.Body)] interrupts
/// it when its context ends, and leaves no interrupt behind. The other way,
/// [cancelledByInterrupt][dev.weir.runtime.CancellableContext#cancelledByInterrupt(dev.weir.runtime.Context.Body)]
/// makes an interrupt of the one who waits the end of a context.
///
/// **No element is lost.** What was sent is received once, or is still in the buffer. Where somebody
/// has to release the elements, give the channel an `undelivered` function, and call `closeAndDrain`
/// when the last receiver leaves: the function gets every element that no receiver will get.
///
/// **Where it is slow.** `stats()` of a channel ([ChannelStats][dev.weir.runtime.ChannelStats]) tells
/// how many elements went through, how full the buffer was, and how long each side has waited:
/// senders wait in front of the slow stage, receivers behind it.
///
/// **What hangs** is shown by the package `dev.weir.runtime.inspect`.
///
/// **Failures of tasks** reach those who wait as
/// [TaskFailedException][dev.weir.runtime.TaskFailedException], with the stack of the task as its
/// cause and their own. An [Error][java.lang.Error] also goes to the uncaught exception handler at
/// once, because it should be heard of before somebody waits.
///
/// **Threads.** Everything works from virtual and platform threads alike. Nothing here holds a
/// lock while it runs the caller's code. What a thread did before a send, a close, a cancel or a
/// failure is visible to the thread that receives it, or is told of it. Deadlines are kept by one
/// daemon platform thread, `weir-deadlines`, which starts with the first; it also wakes those who
/// wait for a tick. Timeouts of channel operations and of select need no thread.
///
/// **Not here, on purpose.** Null elements, unbounded channels, and a way to learn whether a
/// channel is closed without receiving: the answer would be out of date when it is read.
@NullMarked
package dev.weir.runtime;

import org.jspecify.annotations.NullMarked;
