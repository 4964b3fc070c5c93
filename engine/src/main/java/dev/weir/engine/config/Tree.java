package dev.weir.engine.config;

import java.util.List;
import java.util.Optional;

/// A piece of a parsed file that knows where it stands.
public sealed interface Tree {
    /// Where this piece begins.
    Location location();

    /// A single value, as written, after `${ENV:-default}` was replaced.
    ///
    /// @param location where the text begins: behind an opening quote, or in the line below `|`
    /// @param text the value without quotes
    /// @param quoted whether it stood in quotes or in a block, and so is text even if it looks
    ///     like a number
    /// @param secret whether part of it came from the environment, and so must not be shown
    record Scalar(Location location, String text, boolean quoted, boolean secret) implements Tree {}

    /// A list.
    ///
    /// @param location where the list begins
    /// @param items the elements in order
    record Sequence(Location location, List<Tree> items) implements Tree {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /// Keys with their values, in the order of the file.
    ///
    /// @param location where the first key begins, or the opening brace
    /// @param entries the keys and values; names are unique
    record Mapping(Location location, List<Entry> entries) implements Tree {
        public Mapping {
            entries = List.copyOf(entries);
        }

        /// The entry of that name.
        public Optional<Entry> find(String name) {
            return entries.stream().filter(entry -> entry.name().equals(name)).findFirst();
        }
    }

    /// One key of a mapping.
    ///
    /// @param name the key
    /// @param location where the key begins
    /// @param value what stands behind it
    record Entry(String name, Location location, Tree value) {}
}
