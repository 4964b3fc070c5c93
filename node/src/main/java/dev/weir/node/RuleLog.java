package dev.weir.node;

import dev.weir.engine.LogLimiter;
import dev.weir.engine.Reading;
import dev.weir.engine.Span;
import dev.weir.engine.flow.FlowClock;
import dev.weir.engine.rule.Rule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says what did not work in a rule, at most once a minute for each of its parts: a device can
/// cause the same failure with every reading. Thread-safe.
final class RuleLog {
    private static final Logger LOG = LoggerFactory.getLogger("rules");
    // as many reasons as the config has conditions and actions
    private final LogLimiter limiter;

    RuleLog(FlowClock clock) {
        this.limiter = new LogLimiter(clock::nanoTime);
    }

    void failed(Rule rule, Reading reading, String part, String message) {
        if (limiter.due(rule.name() + " " + part).isPresent()) {
            Span trace = reading.trace();
            var line = trace == null ? LOG.atWarn() : LOG.atWarn().addKeyValue("trace", trace.traceId());
            line.addKeyValue("rule", rule.name())
                    .addKeyValue("part", part)
                    .addKeyValue("device", reading.device())
                    .log(message);
        }
    }
}
