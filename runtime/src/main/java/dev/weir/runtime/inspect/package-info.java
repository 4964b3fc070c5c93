/// Seeing inside: what the virtual threads of this library do, what they wait for, and which of
/// them wait for ever.
///
/// - [Dump][dev.weir.runtime.inspect.Dump]: all of them at once, as text or JSON. "Why does nothing
/// move?"
/// - [WaitGraph][dev.weir.runtime.inspect.WaitGraph]: who waits for whom, with cycles and
/// deadlocks.
/// - [LeakReport][dev.weir.runtime.inspect.LeakReport]: those that nobody can wake.
/// - [Lookout][dev.weir.runtime.inspect.Lookout]: looks for all of that now and then, and tells a
/// listener ([Finding][dev.weir.runtime.inspect.Finding]).
/// - [SchedulerStats][dev.weir.runtime.SchedulerStats], from
/// [Scheduler#stats()][dev.weir.runtime.Scheduler#stats()]: the scheduler's own figures.
///
/// **Which threads.** Those that a [Scheduler][dev.weir.runtime.Scheduler], a group, a gather, a
/// wait group, a singleflight or a context has started, from when they begin to when they end: one
/// that waits for its first turn is a number in the scheduler's queues only. One that a task starts
/// by [Thread#ofVirtual()][java.lang.Thread#ofVirtual()] runs on the scheduler, but is not known.
///
/// **What it costs.** Each thread enters a list of its carrier's when it begins, and leaves it when it
/// ends: 56 bytes and some nanoseconds. A wait costs nothing more than before. Where a thread was started is the class
/// of its
/// task; with `-Dweir.sites=true` it is the line, for which each start walks the stack. Everything
/// else is paid for by who looks.
///
/// **Since when.** Waits on channels with a buffer are measured from their beginning, also those
/// of a select that has one. All others are timed from the first look that has seen them, so that
/// a [Lookout][dev.weir.runtime.inspect.Lookout], or a dump now and then, makes them longer and
/// truer.
///
/// **Threads and what they wait for** are looked at one by one while they go on: two figures of one
/// report may not fit together. What must not be wrong is looked at twice.
@NullMarked
package dev.weir.runtime.inspect;

import org.jspecify.annotations.NullMarked;
