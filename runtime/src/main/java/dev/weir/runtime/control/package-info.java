/// What the library stands on, and what a tool for tests may put in its place: the clock, the
/// timers, the order in which virtual threads take their turns. For such tools only, and not
/// covered by any promise; the one that comes with this library is `weir-runtime-junit`.
///
/// - [Simulation][dev.weir.runtime.control.Simulation]: a world in which a tool decides these
/// things.
/// - [Simulations][dev.weir.runtime.control.Simulations]: how the library asks for the one it is
/// in.
/// - [VirtualThreads][dev.weir.runtime.control.VirtualThreads]: the doors of the JDK by which
/// virtual threads run on a scheduler of one's own.
/// - [LiveThreads][dev.weir.runtime.control.LiveThreads]: which virtual threads of own schedulers
/// live.
/// - [WaitSet][dev.weir.runtime.control.WaitSet]: what a thread waits for that waits for several
/// things.
@NullMarked
package dev.weir.runtime.control;

import org.jspecify.annotations.NullMarked;
