package dev.weir.engine.config;

import java.util.List;
import java.util.Optional;

/// The options that a block of configuration may have.
///
/// @param about what the block is for, in a sentence
/// @param options its keys, in the order of the reference
public record Shape(String about, List<Option> options) {
    public Shape {
        options = List.copyOf(options);
    }

    public static Shape of(String about, Option... options) {
        return new Shape(about, List.of(options));
    }

    /// Checks the shape itself, and all shapes in it: names in kebab-case and unique, a sentence
    /// about each option, defaults that fit. For the tests of whoever declares a shape.
    ///
    /// @throws IllegalStateException if something is wrong with it
    public void verify() {
        ShapeCheck.of(this);
    }

    /// The option of that name.
    public Optional<Option> find(String name) {
        return options.stream().filter(option -> option.name().equals(name)).findFirst();
    }
}
