/// Benchmarks beside the peers, on the same machine in the same run.
///
/// Every server runs in a process of its own and is loaded by the same generator over loopback;
/// rows are appended to
/// `docs/benchmarks/NAME.csv`. The generator writes its own packets and shares no code with the
/// server it measures.
@NullMarked
package dev.weir.bench;

import org.jspecify.annotations.NullMarked;
