/// Configuration with positions.
///
/// A [ConfigFile] is read by [Yaml] into a [Tree] whose pieces know their [Location]. What may
/// stand in the file is described as data: a [Shape] is a list of [Option]s, each with a [Kind], a
/// default and a sentence about it. The shape is the single source for checking a file
/// ([Section#check]), for the [Reference] in `docs/`, and for the [JsonSchema] that editors use.
///
/// Nothing here throws for a mistake in a file: every mistake becomes a [Problem] with file, line
/// and column, so that one run finds all of them, and a [CheckReport] shows them. A [Section] is
/// what is left: options that are present and well formed, or their defaults. Where something that
/// was asked for is missing, the section is not [Section#complete] and nothing may be made of it;
/// its other parts can be checked all the same. What only follows from another mistake is not told.
///
/// **YAML.** Values stay the text that was written until their kind is known, so there is no
/// guessing (`on` is text, `0x10` no number). Numbers and flags must stand without quotes; `"${X}"`
/// counts as unquoted, since YAML forces quotes on it inside braces. Anchors, aliases, tags and
/// further documents are refused: a file means what it shows, and cannot grow when it is read.
///
/// **Bounds.** 1 MiB of text, 64 levels, 100,000 values, 1 MiB of text from the environment, 1,000
/// problems; names of 64 characters.
///
/// **Secrets.** What came from the environment is marked ([Tree.Scalar]) and never stands in a
/// message; a line with a literal secret is not shown in a report.
///
/// All types are immutable except [Problems], which one thread fills while a file is loaded.
@NullMarked
package dev.weir.engine.config;

import org.jspecify.annotations.NullMarked;
