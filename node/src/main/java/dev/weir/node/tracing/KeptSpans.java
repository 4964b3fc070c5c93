package dev.weir.node.tracing;

import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The spans that ended last, for who has no collector at hand: so many, and the oldest goes first.
/// Thread-safe.
final class KeptSpans {
    /// How many.
    static final int MOST = 1024;

    /// Guarded by this.
    private final ArrayDeque<SpanData> spans = new ArrayDeque<>();

    synchronized void add(SpanData span) {
        if (spans.size() == MOST) {
            spans.removeFirst();
        }
        spans.addLast(span);
    }

    /// By trace, the one whose last span ended last first.
    List<List<SpanData>> traces() {
        Map<String, List<SpanData>> traces = new LinkedHashMap<>();
        List<SpanData> all;
        synchronized (this) {
            all = new ArrayList<>(spans);
        }
        for (SpanData span : all.reversed()) {
            traces.computeIfAbsent(span.getTraceId(), _ -> new ArrayList<>()).add(span);
        }
        return List.copyOf(traces.values());
    }
}
