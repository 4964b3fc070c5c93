/// How the runtime's concurrency is checked from within: races by jcstress (`…Stress`, all of them run by
/// `StressTest`) and linearizability by Lincheck (`…LincheckTest`). In this package because what races is
/// private to it.
@NullMarked
package dev.weir.runtime;

import org.jspecify.annotations.NullMarked;
