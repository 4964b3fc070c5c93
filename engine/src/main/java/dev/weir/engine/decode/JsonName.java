package dev.weir.engine.decode;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.SerializedString;

/// A name that was seen in an object, and what was learned about it. Any thread may use it.
final class JsonName {
    /// As it stands in the payload, to compare bytes with.
    final SerializedString serialized;

    final Target target;

    /// What followed it last time: a guess. Threads overwrite each other's, which costs a look-up
    /// and nothing else; all that is reached through it is final or resolves itself.
    @Nullable
    JsonName next;

    private final String path;
    private @Nullable JsonLevel children;

    JsonName(String name, String path, Target target) {
        this.serialized = new SerializedString(name);
        this.path = path;
        this.target = target;
    }

    /// The names in the object that this name holds.
    JsonLevel children(Fields fields) {
        JsonLevel known = children;
        if (known == null) {
            known = new JsonLevel(fields, path + "_");
            children = known;
        }
        return known;
    }
}
