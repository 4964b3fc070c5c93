/// Tools for tests of code that runs on virtual threads and the `dev.weir.runtime` library.
///
/// - [VirtualTime][dev.weir.runtime.junit.VirtualTime] and
/// [Bubble][dev.weir.runtime.junit.Bubble]: time moves when all are blocked; a deadlock is an
/// error.
/// - [Interleaved][dev.weir.runtime.junit.Interleaved] and
///   [Interleavings][dev.weir.runtime.junit.Interleavings]: a test runs under many schedules; each
///   follows from a seed, which replays it.
/// - [LeaveNoThreads][dev.weir.runtime.junit.LeaveNoThreads] and
///   [LeftThreads][dev.weir.runtime.junit.LeftThreads]: a test that leaves threads behind fails.
///
/// All of it needs the JVM's option `--add-opens java.base/java.lang=ALL-UNNAMED`, and says so
/// where it is missing.
@NullMarked
package dev.weir.runtime.junit;

import org.jspecify.annotations.NullMarked;
