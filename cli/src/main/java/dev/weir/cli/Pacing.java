package dev.weir.cli;

import java.util.OptionalDouble;

/// How fast a recording is played.
///
/// @param speed how many times faster than recorded; empty for as fast as possible
record Pacing(OptionalDouble speed) {
    static final Pacing UNPACED = new Pacing(OptionalDouble.empty());

    static Pacing at(double speed) {
        return new Pacing(OptionalDouble.of(speed));
    }
}
