/// Configuration with positions.
///
/// A file is read into a [Tree] whose pieces know their [Location]. What may stand in the file is
/// described as data: a [Shape] is a list of [Option]s, each with a [Kind], a default and a
/// sentence about it. The shape is the single
/// source for checking a file ([Section]), for the reference in `docs/`, and for the JSON Schema
/// that editors use.
///
/// Nothing here throws for a mistake in a file: every mistake becomes a [Problem] with file, line
/// and column, so that one
/// run finds all of them. A [Section] is what is left: options that are present and well formed,
/// or their defaults.
///
/// All types are immutable except [Problems], which one thread fills while a file is loaded.
@NullMarked
package dev.weir.engine.config;

import org.jspecify.annotations.NullMarked;
