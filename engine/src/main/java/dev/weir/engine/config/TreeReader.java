package dev.weir.engine.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;

/// Builds the tree from the parser's events, and refuses what goes beyond the bounds before it
/// takes memory for it.
final class TreeReader {
    private final ConfigFile file;
    private final List<String> lines;
    private final Iterator<Event> events;
    private final Environment environment;
    private final Problems problems;
    private int values;

    TreeReader(ConfigFile file, Iterator<Event> events, Environment environment, Problems problems) {
        this.file = file;
        this.lines = file.text().lines().toList();
        this.events = events;
        this.environment = environment;
        this.problems = problems;
    }

    /// Something that ends the reading.
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Location location;

        Refused(Location location, String message) {
            super(message, null, false, false);
            this.location = location;
        }

        Location location() {
            return location;
        }

        String text() {
            return String.valueOf(getMessage());
        }
    }

    Tree read() {
        next(); // the stream's start
        Event first = next();
        if (first.getEventId() == Event.ID.StreamEnd) {
            throw new Refused(new Location(file.name(), 1, 1), "the file is empty");
        }
        Tree tree = tree(next(), 0);
        next(); // the document's end
        Event after = next();
        if (after.getEventId() != Event.ID.StreamEnd) {
            throw new Refused(at(after), "a second document begins here; a configuration is a single one");
        }
        return tree;
    }

    private Tree tree(Event event, int depth) {
        if (++values > Yaml.MAX_VALUES) {
            throw new Refused(at(event), "more than 100,000 keys and values, the limit for a configuration file");
        }
        if (event instanceof AliasEvent alias) {
            throw new Refused(
                    at(event),
                    "the alias *" + alias.getAlias() + " is refused: write the value out; text that begins with"
                            + " \"*\" needs quotes");
        }
        refuseDecoration(event);
        if (event instanceof ScalarEvent scalar) {
            return scalar(scalar);
        }
        if (depth >= Yaml.MAX_DEPTH) {
            throw new Refused(at(event), "nested more than 64 levels deep, the limit");
        }
        return event instanceof MappingStartEvent ? mapping(at(event), depth + 1) : sequence(at(event), depth + 1);
    }

    private void refuseDecoration(Event event) {
        if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
            throw new Refused(
                    at(event),
                    "the anchor &" + node.getAnchor().get() + " is refused: write the value out where it is needed;"
                            + " text that begins with \"&\" needs quotes");
        }
        Optional<String> tag = switch (event) {
            case ScalarEvent scalar -> scalar.getTag();
            case CollectionStartEvent start -> start.getTag();
            default -> Optional.empty();
        };
        if (tag.isPresent()) {
            throw new Refused(
                    at(event),
                    "the YAML tag " + tag.get().replace("tag:yaml.org,2002:", "!!")
                            + " is refused: leave it out; text that begins with \"!\" needs" + " quotes");
        }
    }

    private Tree mapping(Location location, int depth) {
        List<Tree.Entry> entries = new ArrayList<>();
        Map<String, Location> seen = new HashMap<>();
        for (Event event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
            if (!(event instanceof ScalarEvent scalar)) {
                throw new Refused(at(event), "a key must be a name, not a list, a mapping or an alias");
            }
            refuseDecoration(event);
            Location key = at(event);
            Tree value = tree(next(), depth);
            Location first = seen.putIfAbsent(scalar.getValue(), key);
            if (first == null) {
                entries.add(new Tree.Entry(scalar.getValue(), key, value));
            } else {
                problems.error(
                        key,
                        "the key \"" + Clip.of(scalar.getValue())
                                + "\" stands here a second time; the first is in line " + first.line());
            }
        }
        return new Tree.Mapping(location, entries);
    }

    private Tree sequence(Location location, int depth) {
        List<Tree> items = new ArrayList<>();
        for (Event event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
            items.add(tree(event, depth));
        }
        return new Tree.Sequence(location, items);
    }

    private Tree.Scalar scalar(ScalarEvent event) {
        Location location = content(event);
        Environment.Filled filled = environment.fill(event.getValue(), location);
        boolean quoted = !event.isPlain() && !filled.whole();
        return new Tree.Scalar(location, filled.text(), quoted, filled.secret());
    }

    /// Where the text itself begins: behind the quote, or in the line below `|`, so that an offset
    /// in the text leads to the right column.
    private Location content(ScalarEvent event) {
        Location start = at(event);
        return switch (event.getScalarStyle()) {
            case PLAIN, JSON_SCALAR_STYLE -> start;
            case SINGLE_QUOTED, DOUBLE_QUOTED -> start.right(1);
            case LITERAL, FOLDED -> firstLine(start);
        };
    }

    private Location firstLine(Location indicator) {
        for (int line = indicator.line(); line < lines.size(); line++) {
            String text = lines.get(line);
            if (!text.isBlank()) {
                int indent = text.length() - text.stripLeading().length();
                return new Location(file.name(), line + 1, indent + 1);
            }
        }
        return indicator;
    }

    private Event next() {
        return events.next();
    }

    private Location at(Event event) {
        Optional<Mark> mark = event.getStartMark();
        return mark.map(m -> new Location(file.name(), m.getLine() + 1, m.getColumn() + 1))
                .orElseGet(() -> new Location(file.name(), 1, 1));
    }
}
