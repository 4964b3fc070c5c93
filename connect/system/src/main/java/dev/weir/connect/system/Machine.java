package dev.weir.connect.system;

import java.util.List;

/// What can be measured of a machine.
@FunctionalInterface
interface Machine {
    /// Measures; blocks for some milliseconds, or for as long as the system lets it wait.
    List<Sample> measure();
}
