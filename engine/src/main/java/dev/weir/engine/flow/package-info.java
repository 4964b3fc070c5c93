/// How readings move: queues, workers, order by device, overflow, sinks, commands, the ledger.
///
/// **The path.** A source hands each message to its [dev.weir.engine.flow.Intake], which finds the
/// pipelines that want the address ([dev.weir.engine.flow.TopicPattern]), decodes on the source's
/// own thread and puts each reading into the queue of its device's partition. A worker for each
/// partition takes batches and runs the stages one after the other; then come the rules
/// ([dev.weir.engine.flow.Evaluator]), the last values, whoever watches
/// ([dev.weir.engine.flow.Live]), the pipelines that are `from:` this stream, and the sinks'
/// queues. [dev.weir.engine.flow.Flow] puts it together from a [dev.weir.engine.flow.FlowPlan].
///
/// **Order.** A device always belongs to the same partition of a segment and of a sink, so its
/// readings stay in order however many workers there are. A stage with workers or a queue of its
/// own begins a new segment; all others share the workers of the stage before. With `workers: auto`
/// the number that works at once follows the load ([dev.weir.engine.flow.Flow#resize]): a worker
/// takes one of the segment's `Places` for a batch. Partitions never change, so nothing moves.
///
/// **Bounds.** Every queue has a limit and an [dev.weir.engine.flow.Overflow]; with `block` the
/// wait reaches the source. `queue:` bounds a segment as a whole and is divided over its workers.
/// What a worker has taken (64 readings at most, 16 with `workers: auto`, no more than its part of
/// the queue) comes on top
/// and is part of [dev.weir.engine.flow.Flow#worstCase].
///
/// **Failures.** What a decoder, stage, rule or sink throws ends one reading, as a
/// [dev.weir.engine.flow.DeadLetter] with a counted reason, and nothing else. A stage with a
/// `timeout` is interrupted; waiting for what comes behind a stage does not count as its time. A
/// sink that cannot write is tried again for as long as the flow runs, or as an
/// [dev.weir.engine.flow.AttemptPlan] says: with a breaker it is left alone for a while when it
/// keeps failing, and its workers wait.
///
/// **Supervision.** Each segment, sink and actuator has a
/// [supervisor][dev.weir.runtime.supervise.Supervisor] with a child for each worker. One that hangs
/// ([dev.weir.engine.flow.Vigilance] says when) is interrupted and replaced, and abandoned if it
/// does not end. The successor goes on with the batch: a pipeline's without the reading that was in
/// hand, which becomes a dead letter; a sink's with all that was not confirmed; an actuator's
/// without the command, which has failed. A run counts an outcome only after it took the reading
/// off its `InHand`, which the successor seals: what was given up and goes on after all counts
/// nothing twice. The same holds for a run that an error ends where nobody expects one. (What runs
/// of a `Worker` and of a sink's `Writer` have in common is a `Turn`; their `Succession` says who
/// follows whom.) A worker whose abandoned threads are too many is not started again; what comes
/// for it is dropped and counted. [dev.weir.engine.flow.Supervised] shows it.
///
/// **Traces.** A reading that a [dev.weir.engine.Tracer] chooses carries a
/// [dev.weir.engine.Span], to which everybody whom it passes adds a part; its `Fate` ends it.
///
/// **The ledger** counts outcomes where they happen, and what is queued where it is, so that a
/// reading that got lost shows. It is exact whenever nothing moves.
///
/// **Threads.** All are virtual and named `weir-PIPELINE/N`, `weir-PIPELINE.SEGMENT/N`,
/// `weir-sink-NAME/N`, `weir-actuator-N/1`, `weir-finisher/1`; only `weir-watchdog` is a platform
/// thread, and on the JDK's scheduler the supervisors'. All belong to the flow and end with
/// [dev.weir.engine.flow.Flow#close].
@NullMarked
package dev.weir.engine.flow;

import org.jspecify.annotations.NullMarked;
