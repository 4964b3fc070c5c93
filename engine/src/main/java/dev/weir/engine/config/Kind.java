package dev.weir.engine.config;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What an option may hold.
public sealed interface Kind {
    /// Any text.
    record Text() implements Kind {}

    /// A value that is never printed: a password, a token. Best given as `${VARIABLE}` or by a
    /// file.
    record Secret() implements Kind {}

    /// `true` or `false`.
    record Flag() implements Kind {}

    /// A whole number within bounds, both included.
    record Whole(long min, long max) implements Kind {}

    /// A number within bounds, both included.
    record Real(double min, double max) implements Kind {}

    /// A size in bytes: `512`, `64KiB`, `10MB`; bounds in bytes, both included.
    record Size(long min, long max) implements Kind {}

    /// A duration: `250ms`, `10s`, `5m`, `2h`, `30d`; bounds, both included.
    record Span(Duration min, Duration max) implements Kind {}

    /// Where to listen or connect: `host:port`, `[ipv6]:port`, or a bare port for loopback. Port 0
    /// lets the system choose.
    record Address() implements Kind {}

    /// An absolute URL with one of the given schemes.
    record Url(List<String> schemes) implements Kind {}

    /// One of a few words.
    ///
    /// @param words what may be chosen
    /// @param later words that a later version brings: refused by name
    record Choice(List<String> words, List<String> later) implements Kind {
        public Choice {
            words = List.copyOf(words);
            later = List.copyOf(later);
        }

        public Choice(List<String> words) {
            this(words, List.of());
        }
    }

    /// An expression. It is compiled by its owner, which knows the fields; kept here with its
    /// position.
    record Formula() implements Kind {}

    /// A text with `{name}` variables, filled from a reading.
    record Template() implements Kind {}

    /// Nested options.
    record Group(Shape shape) implements Kind {}

    /// A list; a single element may be written without brackets.
    record ListOf(Kind element) implements Kind {}

    /// Free keys, each with a value of the same kind: `sources:`, `fields:`.
    record MapOf(Kind value) implements Kind {}

    /// The first of two kinds that fits: `workers: auto` or `workers: 4`.
    record Either(Kind first, Kind second) implements Kind {}

    /// A mapping with exactly one of several tags, and options that all tags share beside it:
    /// `{ mqtt: {...}, ack: received }`, `- validate: temperature < 85.0`. A tag whose options may
    /// all be left out can stand alone: `decode: raw`.
    ///
    /// @param noun what the tag names, for messages: `source`, `stage`, `action`
    /// @param tags each tag with the kind of its value
    /// @param shared options that may stand beside the tag
    record Tagged(String noun, Map<String, Kind> tags, Shape shared) implements Kind {
        public Tagged {
            tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
        }

        /// The kind of what stands behind a tag.
        ///
        /// @throws IllegalArgumentException if there is no such tag
        public Kind behind(String tag) {
            Kind kind = tags.get(tag);
            if (kind == null) {
                throw new IllegalArgumentException("no " + noun + " is called '" + tag + "'");
            }
            return kind;
        }
    }

    /// Behind a tag that a later version brings: `modbus` among the sources. Refused by name.
    record Later() implements Kind {}

    /// A whole number of at least `min`.
    static Kind atLeast(long min) {
        return new Whole(min, Long.MAX_VALUE);
    }

    /// A size of at least one byte.
    static Kind size() {
        return new Size(1, Long.MAX_VALUE);
    }

    /// A duration above zero.
    static Kind span() {
        return new Span(Duration.ofNanos(1), Duration.ofDays(36_500));
    }

    /// A list of texts.
    static Kind texts() {
        return new ListOf(new Text());
    }

    /// One of `words`.
    static Kind choice(String... words) {
        return new Choice(List.of(words));
    }
}
