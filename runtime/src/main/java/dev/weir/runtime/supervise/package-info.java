/// Keeps the parts of a long-running program running: supervisors, heartbeats, hand-over and an
/// orderly end, after Erlang's OTP, in Go's style.
///
/// - [Supervisor][dev.weir.runtime.supervise.Supervisor]: looks after children, and is built from
/// [Child][dev.weir.runtime.supervise.Child]ren, a
/// [Strategy][dev.weir.runtime.supervise.Strategy] and a
/// [Backoff][dev.weir.runtime.supervise.Backoff].
/// - [ChildContext][dev.weir.runtime.supervise.ChildContext]: what a child has from it: its
/// context, heartbeats, and the box for the element [in
/// flight][dev.weir.runtime.supervise.InFlight].
/// - [ChildState][dev.weir.runtime.supervise.ChildState] and
/// [SupervisorEvent][dev.weir.runtime.supervise.SupervisorEvent]: what it tells of them.
/// - [ShutdownReport][dev.weir.runtime.supervise.ShutdownReport]: what did not stop.
///
/// {@snippet file="SupervisorExamplesTest.java" region="supervisor"}
///
/// **What a child is.** A task in a thread of its own, called `SUPERVISOR/CHILD`, that works until
/// its context is done. What has to fail and be restarted alone is a child of its own: each worker
/// of a pipeline, not the pipeline. Threads that a child starts are its own affair: they belong
/// into a [Group][dev.weir.runtime.Group] that the child closes.
///
/// **How it ends by itself.** Whatever it throws, errors included, ends it and nobody else, and
/// its [Restart][dev.weir.runtime.supervise.Restart] rule says what follows; so it does when it
/// returns. Failures that are [expected][dev.weir.runtime.supervise.Child#expected] are counted
/// apart. The rest before a restart grows with each failure in a row.
///
/// **After an error of the virtual machine.** A
/// [StackOverflowError][java.lang.StackOverflowError] leaves what its stack had in hand half done,
/// no more. An [OutOfMemoryError][java.lang.OutOfMemoryError] hits whoever asks for memory next,
/// which need not be who has taken it: neighbours, and code of the JDK, may fail at a point where
/// nothing was expected to, and leave their own state broken although the child is restarted. A
/// supervisor keeps going, and repeats a step that it had no memory for; but a program that cannot
/// vouch for its state after that is better ended, by `-XX:+ExitOnOutOfMemoryError` or a listener.
///
/// **How it hangs.** With [heartbeat][dev.weir.runtime.supervise.Child#heartbeat] the supervisor
/// looks once in each interval for a sign of life: a beat, or an element that has moved through a
/// channel that the child watches. A thread that waits on such a channel is idle, or held up by
/// its neighbour, and not hung; so is a child that says that it
/// [rests][dev.weir.runtime.supervise.ChildContext#rest]. After three looks without a sign its
/// stack is sampled, and it is
/// told apart: a [HOG][dev.weir.runtime.supervise.HungException.Kind#HOG] runs, and is
/// [STUCK][dev.weir.runtime.supervise.HungException.Kind#STUCK] if it is blocked, and on what.
/// Then its context ends; after a grace it is interrupted; after another it is abandoned. Looks
/// are counted and not time, so a machine that was asleep accuses nobody.
///
/// **Abandoned threads** cannot be ended by anybody: Java has no way to. They keep what they hold,
/// and a hog keeps a core. They are named, counted and listed until they end by themselves, and a
/// child may leave only a few behind before it gets no successor any more, or one after a long
/// rest: a [fresh start][dev.weir.runtime.supervise.Child#freshStart]. On the JDK's scheduler
/// each hog keeps a carrier for good; when it has as many hogs as carriers, no other child runs,
/// and those that have no turn miss their heartbeats too.
///
/// **No element is lost** that a child puts into its box before it works on it: the successor finds
/// it, and knows how often runs have failed with it. One with which too many have failed is given
/// to the child's [poison][dev.weir.runtime.supervise.Child#poison] handler. At most one run has
/// the element at any time: `done()` tells one that was abandoned that it is too late. What it has
/// done with the element until then stays done, so the successor may repeat it.
///
/// **Order.** Children are started by descending level, and stopped by ascending level: sources are
/// level 0, what they send to has higher ones. A level is cancelled when the one before it has
/// ended, or was given up at its deadline. While a supervisor stops, nothing is restarted.
///
/// **Nesting.** A supervisor is a child of another one by
/// [Child.of][dev.weir.runtime.supervise.Child#of]. With an
/// [intensity][dev.weir.runtime.supervise.SupervisorBuilder#intensity] it gives up when restarts
/// do not help, and the one above makes all of it anew.
///
/// **Time** is the runtime's: in a test under virtual time, back-off, heartbeats and deadlines take
/// none.
///
/// **Costs.** A thread for each supervisor and each child; for each child one look in an interval.
/// A beat is a store, an element in flight two atomic operations.
@NullMarked
package dev.weir.runtime.supervise;

import org.jspecify.annotations.NullMarked;
