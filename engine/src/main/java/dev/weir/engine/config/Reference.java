package dev.weir.engine.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Describes a [Shape] as Markdown: one table for each block, in the order of the shape.
public final class Reference {
    private final StringBuilder out = new StringBuilder();

    private Reference() {}

    /// The reference of a file of that shape. The headings are of the second level.
    public static String of(Shape shape) {
        Reference reference = new Reference();
        reference.block("", shape);
        return reference.out.toString();
    }

    private record Block(String path, Kind kind) {}

    private void block(String path, Shape shape) {
        if (!path.isEmpty()) {
            heading(path);
        }
        out.append(shape.about()).append("\n\n");
        table(path, shape);
    }

    private void table(String path, Shape shape) {
        List<Option> present = shape.options().stream()
                .filter(option -> option.presence() != Option.Presence.LATER)
                .toList();
        if (!present.isEmpty()) {
            out.append("| key | value | default | what it does |\n|---|---|---|---|\n");
            present.forEach(this::row);
            out.append('\n');
        }
        List<String> later = shape.options().stream()
                .filter(option -> option.presence() == Option.Presence.LATER)
                .map(option -> "`" + option.name() + "`")
                .toList();
        if (!later.isEmpty()) {
            out.append("Not in this version: ").append(String.join(", ", later)).append(".\n\n");
        }
        present.forEach(option -> nested(new Block(join(path, option.name()), option.kind())));
    }

    private void row(Option option) {
        String fallback = switch (option.presence()) {
            case REQUIRED -> "required";
            case DEFAULTED -> "`" + option.fallback() + "`";
            case OPTIONAL, LATER -> "";
        };
        out.append("| `").append(option.name()).append("` | ");
        out.append(cell(value(option.kind()))).append(" | ").append(cell(fallback));
        out.append(" | ").append(cell(option.about())).append(" |\n");
    }

    /// What a value looks like, without the blocks inside of it, which have headings of their own.
    private static String value(Kind kind) {
        return switch (kind) {
            case Kind.Group _ -> "options, see below";
            case Kind.Tagged tagged -> "a " + tagged.noun() + ", see below";
            case Kind.ListOf list -> "list of: " + value(list.element());
            case Kind.MapOf map -> "name: " + value(map.value());
            case Kind.Either either -> value(either.first()) + ", or " + value(either.second());
            case Kind.Choice choice -> Expected.alternatives(quoted(choice.words())) + later(choice.later());
            case Kind.Size size -> "size" + between(size);
            case Kind.Span span ->
                "duration, " + (span.min().equals(Duration.ofNanos(1)) ? "above 0" : DurationText.format(span.min()))
                        + " to " + DurationText.format(span.max());
            case Kind.Template _ -> "text with `{field}` variables";
            case Kind.Secret _ -> "secret text";
            case Kind.Real(double min, double max) ->
                min > -Double.MAX_VALUE && max < Double.MAX_VALUE ? "a number from " + min + " to " + max : "a number";
            case Kind.Text _, Kind.Flag _, Kind.Whole _, Kind.Address _, Kind.Url _, Kind.Formula _, Kind.Later _ ->
                Expected.of(kind);
        };
    }

    private static String between(Kind.Size size) {
        String least = ", at least " + SizeText.format(size.min());
        return size.max() == Long.MAX_VALUE ? least : least + ", at most " + SizeText.format(size.max());
    }

    private void nested(Block block) {
        switch (block.kind()) {
            case Kind.Group(Shape shape) -> block(block.path(), shape);
            case Kind.ListOf list -> nested(new Block(block.path() + "[]", list.element()));
            case Kind.MapOf map -> nested(new Block(join(block.path(), "NAME"), map.value()));
            case Kind.Either either -> {
                nested(new Block(block.path(), either.first()));
                nested(new Block(block.path(), either.second()));
            }
            case Kind.Tagged tagged -> tags(block.path(), tagged);
            case Kind.Text _, Kind.Secret _, Kind.Flag _, Kind.Whole _, Kind.Real _, Kind.Size _, Kind.Span _ -> {}
            case Kind.Address _, Kind.Url _, Kind.Choice _, Kind.Formula _, Kind.Template _, Kind.Later _ -> {}
        }
    }

    private void tags(String path, Kind.Tagged tagged) {
        heading(path);
        out.append("Exactly one ").append(tagged.noun()).append(":\n\n| key | value |\n|---|---|\n");
        List<String> present = Expected.present(tagged);
        for (String tag : present) {
            out.append("| `").append(tag).append("` | ");
            out.append(cell(value(tagged.behind(tag)))).append(" |\n");
        }
        List<String> others = new ArrayList<>(tagged.tags().keySet());
        others.removeAll(present);
        out.append('\n');
        if (!others.isEmpty()) {
            out.append("Not in this version: ")
                    .append(String.join(", ", quoted(others)))
                    .append(".\n\n");
        }
        if (!tagged.shared().options().isEmpty()) {
            out.append("Beside it may stand:\n\n");
            table(path, tagged.shared());
        }
        present.forEach(tag -> nested(new Block(join(path, tag), tagged.behind(tag))));
    }

    private void heading(String path) {
        out.append("## `").append(path).append("`\n\n");
    }

    private static List<String> quoted(List<String> words) {
        return words.stream().map(word -> "`" + word + "`").toList();
    }

    private static String later(List<String> words) {
        return words.isEmpty() ? "" : " (not in this version: " + String.join(", ", quoted(words)) + ")";
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace('\n', ' ');
    }
}
