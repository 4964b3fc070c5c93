/// The patterns of Go's practice, each once, made of channels, contexts and virtual threads.
///
/// - [WorkerPool][dev.weir.runtime.pattern.WorkerPool]: a bounded queue and workers;
/// [Request][dev.weir.runtime.pattern.Request] where the sender wants an answer.
/// - [Pipeline][dev.weir.runtime.pattern.Pipeline]: [stages][dev.weir.runtime.pattern.Stage] joined
/// by bounded channels.
/// - [Channels][dev.weir.runtime.pattern.Channels]: fan-out, merge and tee;
/// [Broadcast][dev.weir.runtime.pattern.Broadcast]: every element to every subscriber.
/// - [Dispatcher][dev.weir.runtime.pattern.Dispatcher]: one channel for each of many clients.
/// - [StealingPool][dev.weir.runtime.pattern.StealingPool]: work of unequal size that splits
/// itself.
/// - [AdaptiveLimit][dev.weir.runtime.pattern.AdaptiveLimit]: as many calls at the same time as the
/// other side bears, found by measuring.
/// - [ErrorChannel][dev.weir.runtime.pattern.ErrorChannel]: failures for somebody who watches.
///
/// **What holds for all.** Each has a bound, and says what happens there:
/// [Overflow][dev.weir.runtime.pattern.Overflow] and
/// [SlowReceiver][dev.weir.runtime.pattern.SlowReceiver]. What is dropped is counted. Each is
/// bound to a [Context][dev.weir.runtime.Context], whose end stops it, and leaves no thread
/// behind. Cancellation goes by the context and interrupts nobody: code that is called by a
/// pattern watches the context that it is given. Threads are virtual, on the scheduler and in the
/// lane of whoever starts them, unless it says otherwise.
///
/// **Callbacks** (`onDropped`, alerts) run in the thread that meets the event, without a lock, and
/// should be short. What they throw goes to that thread's uncaught exception handler and disturbs
/// nothing else.
///
/// **Not here, on purpose.** Retry, circuit breakers and hedging, for which there are libraries;
/// and pools of buffers, which have to win a benchmark first.
@NullMarked
package dev.weir.runtime.pattern;

import org.jspecify.annotations.NullMarked;
