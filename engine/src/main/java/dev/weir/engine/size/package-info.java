/// How many workers: a queueing model with a term for contention.
///
/// **The parts.** [dev.weir.engine.size.ServiceTime] is how long one reading occupies a worker:
/// a mean and a coefficient of variation, or measured samples.
/// [dev.weir.engine.size.Scalability] (Gunther's universal scalability law) says by how much
/// workers that stand side by side stretch it. [dev.weir.engine.size.Erlang] says how long a
/// reading waits for a worker. [dev.weir.engine.size.Sizing] puts them together: a
/// [dev.weir.engine.size.Sizing.Row] for each number of workers, the sweet spot and the plateau.
/// [dev.weir.engine.size.SizeChart] draws it. [dev.weir.engine.size.Adaptation] decides by it while
/// a node runs.
///
/// **Two kinds of queue.** The textbook's M/M/c has one queue for all workers
/// ([dev.weir.engine.size.Queueing#SHARED]). The workers of a pipeline have a queue each, and a
/// device always belongs to the same one, which keeps its order where their number is fixed
/// ([dev.weir.engine.size.Queueing#BY_DEVICE]): a reading may wait while another worker is idle, so
/// such a pipeline needs more workers for the same tail. Few devices spread unevenly, which makes
/// it worse still; the model takes their number.
///
/// **What it does not know.** Bursts beyond the arrivals' coefficient of variation, workers that
/// are blocked by a full queue behind them, and processors: work that computes does not scale
/// beyond them, which a fitted sigma shows and a guessed one does not.
///
/// Times are in seconds, rates per second. All types but `Adaptation` are immutable.
@NullMarked
package dev.weir.engine.size;

import org.jspecify.annotations.NullMarked;
