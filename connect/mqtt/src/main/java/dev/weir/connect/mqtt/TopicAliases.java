package dev.weir.connect.mqtt;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The topic aliases that are used towards one client: the first topics that come get one, and
/// keep it while the connection lives. Guarded by the session's lock.
final class TopicAliases {
    /// For a shorter topic the alias would be as long.
    private static final int WORTH_BYTES = 6;

    private final int maximum;
    private @Nullable Map<String, Integer> known;

    /// @param maximum how many there may be; 0 for none
    TopicAliases(int maximum) {
        this.maximum = maximum;
    }

    /// What stands for a topic; 0 if nothing does.
    int of(String topic) {
        Map<String, Integer> aliases = known;
        return aliases == null ? 0 : aliases.getOrDefault(topic, 0);
    }

    /// An alias that stands for nothing yet; 0 if none is left or it is not worth it.
    int free(Publication publication) {
        int used = known == null ? 0 : known.size();
        return used < maximum && publication.topicBytes.length >= WORTH_BYTES ? used + 1 : 0;
    }

    /// Takes note that the packet that says what `alias` stands for is on its way.
    void define(String topic, int alias) {
        Map<String, Integer> aliases = known;
        if (aliases == null) {
            aliases = HashMap.newHashMap(4);
            known = aliases;
        }
        aliases.put(topic, alias);
    }
}
