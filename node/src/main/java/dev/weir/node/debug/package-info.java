/// What a running node is busy with, for who looks after it. A [dev.weir.node.debug.Profiler]
/// records with the JDK's Flight Recorder for some seconds and sums up the samples by stack; a
/// [dev.weir.node.debug.Profile] is written as a flame graph, for
/// `go tool pprof`, as collapsed stacks, or as text.
///
/// [dev.weir.node.debug.Heap] says what is in memory, [dev.weir.node.debug.LogLevels] how much is
/// logged.
///
/// Nothing runs, and Flight Recorder is not even loaded, until somebody asks. One at a time
/// records, for two minutes at most, and the different stacks that are kept are bounded.
@NullMarked
package dev.weir.node.debug;

import org.jspecify.annotations.NullMarked;
