/// The command line: one class for each command, and the runnable distribution.
@NullMarked
package dev.weir.cli;

import org.jspecify.annotations.NullMarked;
