package dev.weir.engine.config;

import dev.weir.engine.config.Section.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes values of the defaults that options declare.
final class Defaults {
    private Defaults() {}

    /// The default of an option, as if it stood where its block begins.
    ///
    /// @throws IllegalStateException if the option's own default does not fit its kind: a mistake
    ///     in the program
    static Value of(Option option, Location block) {
        Problems problems = new Problems();
        Tree tree = tree(option, block, problems);
        Value value = tree == null ? null : new Checker(problems).value(option.kind(), tree, option.name(), block);
        if (value == null || problems.hasErrors()) {
            throw new IllegalStateException("the default of the option '" + option.name() + "' is '" + option.fallback()
                    + "', which does not fit: " + problems.all());
        }
        return value;
    }

    private static @Nullable Tree tree(Option option, Location block, Problems problems) {
        String text = String.valueOf(option.fallback());
        boolean nested = !Forms.isScalar(option.kind()) && (text.startsWith("{") || text.startsWith("["));
        if (!nested) {
            return new Tree.Scalar(block, text, text.isEmpty(), false);
        }
        return Yaml.parse(new ConfigFile("default", text), Map.of(), problems)
                .map(tree -> moved(tree, block))
                .orElse(null);
    }

    private static Tree moved(Tree tree, Location to) {
        return switch (tree) {
            case Tree.Scalar scalar -> new Tree.Scalar(to, scalar.text(), scalar.quoted(), scalar.secret());
            case Tree.Sequence(Location _, List<Tree> items) ->
                new Tree.Sequence(
                        to, items.stream().map(item -> moved(item, to)).toList());
            case Tree.Mapping(Location _, List<Tree.Entry> entries) ->
                new Tree.Mapping(
                        to,
                        entries.stream()
                                .map(entry -> new Tree.Entry(entry.name(), to, moved(entry.value(), to)))
                                .toList());
        };
    }
}
