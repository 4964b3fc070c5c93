/// The command line: one class for each command, and the runnable distribution.
///
/// [Main] finds the command. `weir run` and `weir demo` open a node, tell where it listens, and
/// close it when [Signals] say so ([Ending]); `weir send` plays a [Recording] through a [Player] to
/// a [Sender]; `weir tail` prints a node's live feed ([TailText]). What is meant for people goes
/// through a [Terminal], what is meant for machines (logs) through [LogLayout] to standard error.
///
/// Exit codes are 0 (done), 1 (it did not work) and 2 (wrong usage) everywhere; [Failures] turns
/// what a command throws into one line.
@NullMarked
package dev.weir.cli;

import org.jspecify.annotations.NullMarked;
