package dev.weir.engine.config;

import dev.weir.engine.config.ScalarReader.Result;
import dev.weir.engine.config.Section.Tag;
import dev.weir.engine.config.Section.Value;
import dev.weir.engine.expression.NearestName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Checks a tree against shapes, and keeps going: a wrong value is left out of its section, which
/// then is not complete.
final class Checker {
    /// What a free key may be called.
    static final String NAME_PATTERN = "[A-Za-z][A-Za-z0-9_-]{0,63}";

    private static final Pattern NAME = Pattern.compile(NAME_PATTERN);

    private final Problems problems;

    /// How many problems so far leave something out that was asked for.
    private int gaps;

    Checker(Problems problems) {
        this.problems = problems;
    }

    Section root(Tree tree, Shape shape) {
        if (tree instanceof Tree.Mapping mapping) {
            return section(mapping, shape, "", mapping.location());
        }
        gap(tree.location(), "", "expected " + Expected.of(new Kind.Group(shape)) + ", but was " + found(tree));
        // Its defaults, so that whoever asks goes on; what is missing in it nobody wants to hear of.
        return new Checker(new Problems())
                .section(new Tree.Mapping(tree.location(), List.of()), shape, "", tree.location());
    }

    private Section section(Tree.Mapping mapping, Shape shape, String path, Location owner) {
        int before = gaps;
        Map<String, Value> values = new LinkedHashMap<>();
        Set<String> written = new HashSet<>();
        for (Tree.Entry entry : mapping.entries()) {
            Option option = shape.find(entry.name()).orElse(null);
            if (option == null) {
                note(entry.location(), path, UnknownName.message("key", entry.name(), names(shape)));
                NearestName.of(entry.name(), names(shape)).ifPresent(written::add);
            } else if (option.presence() == Option.Presence.LATER) {
                note(entry.location(), path, notInThisVersion(entry.name()));
            } else {
                written.add(option.name());
                given(option, entry, path, mapping.location(), values);
            }
        }
        for (Option option : shape.options()) {
            absent(option, values, written, path, owner, mapping.location());
        }
        return new Section(mapping.location(), gaps == before, values);
    }

    private void given(Option option, Tree.Entry entry, String path, Location block, Map<String, Value> values) {
        int before = gaps;
        Value value = value(option.kind(), entry.value(), join(path, option.name()), entry.location());
        if (value == null && option.presence() == Option.Presence.DEFAULTED) {
            gaps = before; // the problem is told; the default stands in, so that the rest can be checked
            value = Defaults.of(option, block);
        }
        if (value != null) {
            values.put(option.name(), value);
        }
    }

    private void absent(
            Option option,
            Map<String, Value> values,
            Set<String> written,
            String path,
            Location owner,
            Location block) {
        if (values.containsKey(option.name())) {
            return;
        }
        switch (option.presence()) {
            case REQUIRED -> {
                if (written.contains(option.name())) {
                    gaps++; // misspelled or wrong, and told already
                } else {
                    gap(
                            owner,
                            path,
                            "the key \"" + option.name() + "\" is missing; expected " + Expected.of(option.kind()));
                }
            }
            case DEFAULTED -> values.put(option.name(), Defaults.of(option, block));
            case OPTIONAL, INHERITED, LATER -> {}
        }
    }

    /// The checked value, or null when it was wrong and a problem says so.
    @Nullable
    Value value(Kind kind, Tree tree, String path, Location owner) {
        if (isNull(tree)) {
            gap(owner, path, "has no value; expected " + Expected.of(kind) + withoutOptions(kind));
            return null;
        }
        return switch (kind) {
            case Kind.Group(Shape shape) ->
                tree instanceof Tree.Mapping mapping
                        ? new Value(tree.location(), section(mapping, shape, path, owner))
                        : wrongType(kind, tree, path);
            case Kind.ListOf list -> list(list, tree, path);
            case Kind.MapOf map -> map(map, tree, path);
            case Kind.Either either -> either(either, tree, path, owner);
            case Kind.Tagged tagged -> tagged(tagged, tree, path, owner);
            case Kind.Later _ -> throw new IllegalStateException("checked with its tag");
            case Kind.Text _, Kind.Secret _, Kind.Flag _, Kind.Whole _, Kind.Real _ -> scalar(kind, tree, path);
            case Kind.Size _, Kind.Span _, Kind.Address _, Kind.Url _, Kind.Choice _ -> scalar(kind, tree, path);
            case Kind.Formula _, Kind.Template _ -> scalar(kind, tree, path);
        };
    }

    private @Nullable Value scalar(Kind kind, Tree tree, String path) {
        if (!(tree instanceof Tree.Scalar scalar)) {
            return wrongType(kind, tree, path);
        }
        if (kind instanceof Kind.Secret && !scalar.secret()) {
            problems.conceal(scalar.location());
        }
        return switch (ScalarReader.read(kind, scalar)) {
            case Result.Read(Object content) -> new Value(scalar.location(), content);
            case Result.Wrong(String message) -> gap(scalar.location(), path, message);
        };
    }

    private Value list(Kind.ListOf list, Tree tree, String path) {
        List<Value> values = new ArrayList<>();
        if (tree instanceof Tree.Sequence sequence) {
            for (int i = 0; i < sequence.items().size(); i++) {
                Tree item = sequence.items().get(i);
                Value value = value(list.element(), item, path + "[" + i + "]", item.location());
                if (value != null) {
                    values.add(value);
                }
            }
        } else {
            Value value = value(list.element(), tree, path, tree.location());
            if (value != null) {
                values.add(value);
            }
        }
        return new Value(tree.location(), List.copyOf(values));
    }

    private @Nullable Value map(Kind.MapOf map, Tree tree, String path) {
        if (!(tree instanceof Tree.Mapping mapping)) {
            return wrongType(map, tree, path);
        }
        Map<String, Value> values = new LinkedHashMap<>();
        for (Tree.Entry entry : mapping.entries()) {
            if (!NAME.matcher(entry.name()).matches()) {
                gap(
                        entry.location(),
                        path,
                        "\"" + Clip.of(entry.name()) + "\" is no name: expected a letter, then"
                                + " letters, digits, \"_\" or \"-\", at most 64 characters");
            } else {
                Value value = value(map.value(), entry.value(), join(path, entry.name()), entry.location());
                if (value != null) {
                    values.put(entry.name(), value);
                }
            }
        }
        return new Value(tree.location(), values);
    }

    /// Tries both kinds; where neither fits, the one that at least has the right form tells why.
    private @Nullable Value either(Kind.Either either, Tree tree, String path, Location owner) {
        Attempt first = attempt(either.first(), tree, path, owner);
        if (!first.problems().hasErrors()) {
            return adopt(first);
        }
        Attempt second = attempt(either.second(), tree, path, owner);
        boolean firstFits = Forms.fits(either.first(), tree);
        boolean secondFits = Forms.fits(either.second(), tree);
        if (!second.problems().hasErrors() || (secondFits && !firstFits)) {
            return adopt(second);
        }
        if (firstFits && (!secondFits || !(tree instanceof Tree.Scalar))) {
            return adopt(first);
        }
        return wrongType(either, tree, path);
    }

    private record Attempt(@Nullable Value value, Problems problems, int gaps) {}

    private static Attempt attempt(Kind kind, Tree tree, String path, Location owner) {
        Checker checker = new Checker(new Problems());
        Value value = checker.value(kind, tree, path, owner);
        return new Attempt(value, checker.problems, checker.gaps);
    }

    private @Nullable Value adopt(Attempt attempt) {
        problems.addAll(attempt.problems());
        gaps += attempt.gaps();
        return attempt.value();
    }

    private @Nullable Value tagged(Kind.Tagged kind, Tree tree, String path, Location owner) {
        if (tree instanceof Tree.Scalar scalar) {
            return alone(kind, scalar, path);
        }
        if (!(tree instanceof Tree.Mapping mapping)) {
            return wrongType(kind, tree, path);
        }
        List<Tree.Entry> tags = mapping.entries().stream()
                .filter(entry -> kind.tags().containsKey(entry.name()))
                .toList();
        if (tags.isEmpty()) {
            return untagged(kind, mapping, path);
        }
        Tree.Entry tag = tags.getFirst();
        if (tags.size() > 1) {
            return gap(
                    tags.get(1).location(),
                    path,
                    "both \"" + tag.name() + "\" and \"" + tags.get(1).name() + "\" stand in one " + kind.noun()
                            + "; keep one of them");
        }
        if (kind.behind(tag.name()) instanceof Kind.Later) {
            return gap(tag.location(), path, notInThisVersion(tag.name()));
        }
        return behindTag(kind, tag, mapping, path, owner);
    }

    private @Nullable Value behindTag(
            Kind.Tagged kind, Tree.Entry tag, Tree.Mapping mapping, String path, Location owner) {
        Kind behind = kind.behind(tag.name());
        List<Tree.Entry> beside = new ArrayList<>();
        List<Tree.Entry> inside = new ArrayList<>();
        for (Tree.Entry entry : mapping.entries()) {
            if (entry.name().equals(tag.name())) {
                continue;
            }
            boolean misplaced = behind instanceof Kind.Group(Shape shape)
                    && shape.find(entry.name()).isPresent()
                    && kind.shared().find(entry.name()).isEmpty();
            if (misplaced) {
                gap(
                        entry.location(),
                        path,
                        "\"" + entry.name() + "\" belongs inside \"" + tag.name() + "\"; indent it further");
                inside.add(entry);
            } else {
                beside.add(entry);
            }
        }
        Section shared = section(new Tree.Mapping(mapping.location(), beside), kind.shared(), path, owner);
        Value value = value(behind, with(tag.value(), inside), join(path, tag.name()), tag.location());
        return value == null ? null : new Value(mapping.location(), new Tag(tag.name(), tag.location(), value, shared));
    }

    /// The block as it was meant, so that nothing counts as missing that stands one level too high.
    private static Tree with(Tree block, List<Tree.Entry> misplaced) {
        if (misplaced.isEmpty() || !(block instanceof Tree.Mapping mapping)) {
            return block;
        }
        List<Tree.Entry> entries = new ArrayList<>(mapping.entries());
        misplaced.stream().filter(entry -> mapping.find(entry.name()).isEmpty()).forEach(entries::add);
        return new Tree.Mapping(mapping.location(), entries);
    }

    private @Nullable Value untagged(Kind.Tagged kind, Tree.Mapping mapping, String path) {
        List<String> candidates = new ArrayList<>(Expected.present(kind));
        candidates.addAll(names(kind.shared()));
        List<Tree.Entry> unknown = mapping.entries().stream()
                .filter(entry -> kind.shared().find(entry.name()).isEmpty())
                .toList();
        for (Tree.Entry entry : unknown) {
            gap(entry.location(), path, UnknownName.message(kind.noun(), entry.name(), candidates));
        }
        return unknown.isEmpty() ? gap(mapping.location(), path, "expected " + Expected.of(kind)) : null;
    }

    /// A tag without options: `decode: raw`.
    private @Nullable Value alone(Kind.Tagged kind, Tree.Scalar scalar, String path) {
        Kind behind = kind.tags().get(scalar.text());
        if (behind instanceof Kind.Later) {
            return gap(scalar.location(), path, notInThisVersion(scalar.text()));
        }
        if (behind == null) {
            String hint = scalar.secret() || scalar.text().contains(" ")
                    ? ", but was " + ScalarReader.shown(scalar)
                    : "; " + UnknownName.message(kind.noun(), scalar.text(), Expected.present(kind));
            return gap(scalar.location(), path, "expected " + Expected.of(kind) + hint);
        }
        Tree.Mapping none = new Tree.Mapping(scalar.location(), List.of());
        Tree.Entry tag = new Tree.Entry(scalar.text(), scalar.location(), none);
        return Forms.standsAlone(behind)
                ? behindTag(kind, tag, none, path, scalar.location())
                : gap(
                        scalar.location(),
                        path,
                        "\"" + scalar.text() + "\" needs a \":\" and " + Expected.of(behind) + " behind it");
    }

    private @Nullable Value wrongType(Kind kind, Tree tree, String path) {
        boolean text = Forms.isScalar(kind) && !(tree instanceof Tree.Scalar);
        return gap(
                tree.location(),
                path,
                "expected " + Expected.of(kind) + ", but was " + found(tree)
                        + (text ? "; text that begins with \"{\" or \"[\" needs quotes" : ""));
    }

    private static String found(Tree tree) {
        return switch (tree) {
            case Tree.Scalar scalar -> ScalarReader.shown(scalar);
            case Tree.Sequence _ -> "a list";
            case Tree.Mapping _ -> "a block of options";
        };
    }

    private static boolean isNull(Tree tree) {
        return tree instanceof Tree.Scalar scalar
                && !scalar.quoted()
                && switch (scalar.text()) {
                    case "", "~", "null", "Null", "NULL" -> true;
                    default -> false;
                };
    }

    private static String withoutOptions(Kind kind) {
        return Forms.standsAlone(kind) ? "; write {} for none" : "";
    }

    private static String notInThisVersion(String name) {
        return "\"" + name + "\" is not in this version";
    }

    private static List<String> names(Shape shape) {
        return shape.options().stream()
                .filter(option -> option.presence() != Option.Presence.LATER)
                .map(Option::name)
                .toList();
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private void note(Location location, String path, String message) {
        problems.error(location, path.isEmpty() ? message : path + ": " + message);
    }

    private @Nullable Value gap(Location location, String path, String message) {
        gaps++;
        note(location, path, message);
        return null;
    }
}
