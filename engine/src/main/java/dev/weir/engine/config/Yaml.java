package dev.weir.engine.config;

import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/// Reads YAML 1.2 into a [Tree] with positions.
///
/// What YAML has beyond lists, mappings and texts is refused, so that a file means what it shows:
/// anchors and aliases, tags, several documents, keys that are not plain names. Nothing is
/// guessed: every value stays the text that was written until its [Kind] is known.
///
/// Bounds: 1 MiB of text, 64 levels, 100,000 values. A syntax error ends the reading: there is one
/// problem for it, since what follows would only be consequences.
public final class Yaml {
    /// How deep lists and mappings may be nested.
    public static final int MAX_DEPTH = 64;

    /// How many keys and values a file may have.
    public static final int MAX_VALUES = 100_000;

    private Yaml() {}

    /// Parses a file that was read.
    ///
    /// @param environment the variables for `${NAME}`
    /// @return the tree; empty if the text is not YAML, which `problems` then explain
    public static Optional<Tree> parse(ConfigFile file, Map<String, String> environment, Problems problems) {
        if (isTooLong(file.text())) {
            problems.error(
                    new Location(file.name(), 1, 1),
                    "is larger than " + SizeText.format(ConfigFile.MAX_BYTES) + ", the limit for a configuration file");
            return Optional.empty();
        }
        Optional<Location> control = controlCharacter(file);
        if (control.isPresent()) {
            problems.error(control.get(), "a control character cannot stand in a YAML file; remove it");
            return Optional.empty();
        }
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file.name())
                // In one piece: snakeyaml-engine 3.0.1 reads beyond its buffer where a piece ends in
                // the middle of a surrogate pair.
                .setBufferSize(file.text().length() + 1)
                .setCodePointLimit(ConfigFile.MAX_BYTES)
                .build();
        try {
            Iterator<Event> events =
                    new Parse(settings).parseString(file.text()).iterator();
            return Optional.of(new TreeReader(file, events, new Environment(environment, problems), problems).read());
        } catch (TreeReader.Refused refused) {
            problems.error(refused.location(), refused.text());
        } catch (MarkedYamlEngineException e) {
            SyntaxError error = SyntaxError.of(file.name(), e);
            problems.error(error.location(), error.message());
        } catch (YamlEngineException e) {
            problems.error(new Location(file.name(), 1, 1), "not valid YAML: " + e.getMessage());
        }
        return Optional.empty();
    }

    private static boolean isTooLong(String text) {
        return text.length() > ConfigFile.MAX_BYTES;
    }

    private static Optional<Location> controlCharacter(ConfigFile file) {
        String text = file.text();
        int line = 1;
        int column = 1;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
            if (surrogate || !StreamReader.isPrintable(c)) {
                return Optional.of(new Location(file.name(), line, column));
            }
            boolean ends = c == '\n' || (c == '\r' && !text.startsWith("\n", i + 1));
            line += ends ? 1 : 0;
            column = ends ? 1 : column + 1;
        }
        return Optional.empty();
    }
}
