package dev.weir.node;

import dev.weir.engine.flow.FlowClock;
import dev.weir.engine.rule.Rule;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says what did not work in a rule, at most once a minute for each of its parts: a device can
/// cause the same failure with every reading. Thread-safe.
final class RuleLog {
    private static final Logger LOG = LoggerFactory.getLogger("rules");
    private static final long PAUSE = Duration.ofMinutes(1).toNanos();

    private final FlowClock clock;

    // guarded by this; as many entries as the config has conditions and actions
    private final Map<String, Long> last = new HashMap<>();

    RuleLog(FlowClock clock) {
        this.clock = clock;
    }

    void failed(Rule rule, String device, String part, String message) {
        if (isDue(rule.name() + " " + part)) {
            LOG.atWarn()
                    .addKeyValue("rule", rule.name())
                    .addKeyValue("part", part)
                    .addKeyValue("device", device)
                    .log(message);
        }
    }

    private synchronized boolean isDue(String what) {
        long now = clock.nanoTime();
        Long before = last.get(what);
        if (before != null && now - before < PAUSE) {
            return false;
        }
        last.put(what, now);
        return true;
    }
}
