package dev.weir.engine.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Describes a [Shape] as Markdown: one table for each block, in the order of the shape.
public final class Reference {
    private final StringBuilder out = new StringBuilder();
    private final Set<String> elsewhere;
    private final String where;

    private Reference(Set<String> elsewhere, String where) {
        this.elsewhere = elsewhere;
        this.where = where;
    }

    /// The reference of a file of that shape. The headings are of the second level.
    ///
    /// @param elsewhere the alternatives that another document describes, with what they are an
    ///     alternative of: `source mqtt`
    /// @param where that document, as the value of such an alternative
    public static String of(Shape shape, Set<String> elsewhere, String where) {
        Reference reference = new Reference(elsewhere, where);
        reference.block("", shape);
        return reference.out.toString();
    }

    /// One option of a shape, on one line.
    ///
    /// @param path its name, with those of the blocks around it: `queue.messages`
    /// @param value what it may hold
    /// @param fallback its default as written in the file, `required`, or empty
    /// @param about what it does
    public record Row(String path, String value, String fallback, String about) {}

    /// The options of a shape, those of blocks inside of it after the block itself; not those of a
    /// later version.
    public static List<Row> rows(Shape shape) {
        List<Row> rows = new ArrayList<>();
        rows("", shape, false, rows);
        return rows;
    }

    /// As [#rows], for people: what a block has from the block around is on one line, `tls.*`.
    public static List<Row> summary(Shape shape) {
        List<Row> rows = new ArrayList<>();
        rows("", shape, true, rows);
        return rows;
    }

    private static void rows(String path, Shape shape, boolean summary, List<Row> rows) {
        List<Option> inherited = new ArrayList<>();
        for (Option option : shape.options()) {
            if (summary && option.presence() == Option.Presence.INHERITED) {
                inherited.add(option);
            } else if (option.presence() != Option.Presence.LATER) {
                String own = join(path, option.name());
                rows.add(new Row(own, value(option.kind()), fallback(option), option.about()));
                rows(own, option.kind(), summary, rows);
            }
        }
        if (!inherited.isEmpty()) {
            rows.add(gathered(path, new Shape("", inherited)));
        }
    }

    private static Row gathered(String path, Shape inherited) {
        List<Row> rows = rows(inherited);
        String names = rows.stream()
                .map(Row::path)
                .filter(name -> rows.stream().noneMatch(other -> other.path().startsWith(name + ".")))
                .map(name -> "`" + name + "`")
                .collect(Collectors.joining(", "));
        return new Row(
                path + ".*",
                "as outside of `" + path + "`",
                "",
                names + ": for `" + path + "` alone; what is left out is as outside of it.");
    }

    private static void rows(String path, Kind kind, boolean summary, List<Row> rows) {
        switch (kind) {
            case Kind.Group(Shape shape) -> rows(path, shape, summary, rows);
            case Kind.ListOf list -> rows(path + "[]", list.element(), summary, rows);
            case Kind.MapOf map -> rows(join(path, "NAME"), map.value(), summary, rows);
            case Kind.Either either -> {
                rows(path, either.first(), summary, rows);
                rows(path, either.second(), summary, rows);
            }
            case Kind.Tagged tagged -> {
                rows(path, tagged.shared(), summary, rows);
                Expected.present(tagged).forEach(tag -> rows(join(path, tag), tagged.behind(tag), summary, rows));
            }
            case Kind.Text _, Kind.Secret _, Kind.Flag _, Kind.Whole _, Kind.Real _, Kind.Size _, Kind.Span _ -> {}
            case Kind.Address _, Kind.Url _, Kind.Choice _, Kind.Formula _, Kind.Template _, Kind.Later _ -> {}
        }
    }

    private static String fallback(Option option) {
        return switch (option.presence()) {
            case REQUIRED -> "required";
            case DEFAULTED -> String.valueOf(option.fallback());
            case OPTIONAL, INHERITED, LATER -> "";
        };
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
        String fallback =
                option.presence() == Option.Presence.DEFAULTED ? "`" + fallback(option) + "`" : fallback(option);
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
            out.append(cell(isElsewhere(tagged, tag) ? where : value(tagged.behind(tag))))
                    .append(" |\n");
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
        present.stream()
                .filter(tag -> !isElsewhere(tagged, tag))
                .forEach(tag -> nested(new Block(join(path, tag), tagged.behind(tag))));
    }

    private boolean isElsewhere(Kind.Tagged tagged, String tag) {
        return elsewhere.contains(tagged.noun() + " " + tag);
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
