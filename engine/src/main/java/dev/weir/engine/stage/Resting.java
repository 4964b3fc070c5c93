package dev.weir.engine.stage;

import dev.weir.runtime.supervise.ChildContext;
import java.util.Optional;
import java.util.function.Supplier;

/// Marks the time in which a worker waits for others, so that its supervisor does not take it for
/// one that hangs. Only for ways on which it has to wait anyway.
public final class Resting {
    private Resting() {}

    /// Does something that may wait for others for however long.
    ///
    /// @param <T> what comes of it
    public static <T> T during(Supplier<T> waiting) {
        Optional<ChildContext> worker = ChildContext.current();
        worker.ifPresent(ChildContext::rest);
        try {
            return waiting.get();
        } finally {
            worker.ifPresent(ChildContext::beat);
        }
    }
}
