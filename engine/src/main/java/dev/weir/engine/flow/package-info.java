/// How readings move: queues, workers, order by device, overflow, sinks, the ledger.
@NullMarked
package dev.weir.engine.flow;

import org.jspecify.annotations.NullMarked;
