/// The programs that `scripts/bench runtime` measures, each run in a JVM of its own.
///
/// A cell is one workload of one library. [Cell] warms it up, measures it and prints what it
/// measured. [Workloads] has what is the same for all: they are written against [Library] and
/// [Pipe], of which a JVM loads one implementation, so that the compiler calls it directly. Go's
/// side of them is in
/// `bench/go`, jox's and Kotlin's in `bench/channels`.
@NullMarked
package dev.weir.bench.cells;

import org.jspecify.annotations.NullMarked;
