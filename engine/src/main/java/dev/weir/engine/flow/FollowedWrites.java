package dev.weir.engine.flow;

import dev.weir.engine.Span;
import java.util.IdentityHashMap;
import java.util.List;

/// The spans of the readings that one writer is writing, as far as they are followed: as many as a
/// batch has readings, at most. One thread.
final class FollowedWrites {
    private final String sink;
    private final IdentityHashMap<Delivery, Span> spans = new IdentityHashMap<>();

    FollowedWrites(String sink) {
        this.sink = sink;
    }

    /// Deliveries have come out of the queue, and are written now.
    void begin(List<Delivery> deliveries) {
        for (Delivery delivery : deliveries) {
            Span trace = delivery.reading().trace();
            if (trace != null) {
                trace.partSinceMark("queue " + sink).end();
                Span span = trace.part("sink " + sink).with("weir.sink", sink).with("weir.batch", deliveries.size());
                spans.put(delivery, span);
            }
        }
    }

    /// An attempt has failed, and there will be another one.
    void retried(Throwable cause) {
        spans.values().forEach(span -> span.with("weir.retried", cause.toString()));
    }

    void succeeded(Delivery delivery) {
        Span span = spans.remove(delivery);
        if (span != null) {
            span.end();
        }
    }

    /// @param reason the counted word
    void failed(Delivery delivery, String reason) {
        Span span = spans.remove(delivery);
        if (span != null) {
            span.failed(reason).end();
        }
    }

    boolean isEmpty() {
        return spans.isEmpty();
    }
}
