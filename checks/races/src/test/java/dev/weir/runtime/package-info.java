/// How the runtime's concurrency is checked from within: races by jcstress (`…Stress`, run by
/// [dev.weir.runtime.StressTest]) and linearizability by Lincheck (`…LincheckTest`).
@NullMarked
package dev.weir.runtime;

import org.jspecify.annotations.NullMarked;
