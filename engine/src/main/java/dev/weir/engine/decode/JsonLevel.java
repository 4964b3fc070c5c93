package dev.weir.engine.decode;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The names that were seen in one object of a payload, outermost or nested. Thread-safe.
final class JsonLevel {
    /// What the object began with last time; see [JsonName#next].
    @Nullable
    JsonName first;

    private final Fields fields;
    private final String prefix;
    private final ConcurrentHashMap<String, JsonName> known = new ConcurrentHashMap<>(8);

    JsonLevel(Fields fields, String prefix) {
        this.fields = fields;
        this.prefix = prefix;
    }

    /// Finds a name that was not the expected one, and expects it behind `previous` next time.
    JsonName find(String name, @Nullable JsonName previous) throws DecodeException {
        JsonName found = known.get(name);
        if (found == null) {
            String path = prefix.isEmpty() ? name : prefix + name;
            JsonName made = new JsonName(name, path, fields.target(path));
            if (!fields.mayRemember()) {
                return made;
            }
            JsonName other = known.putIfAbsent(name, made);
            found = other == null ? made : other;
        }
        if (previous == null) {
            first = found;
        } else {
            previous.next = found;
        }
        return found;
    }
}
