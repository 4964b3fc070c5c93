package dev.weir.connect.http;

import dev.weir.engine.Meters;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/// Counts answers by status. Thread-safe.
final class AnswerCounts {
    private static final int[] STATUSES = {200, 204, 400, 401, 403, 404, 405, 408, 409, 413, 415, 422, 429, 500, 503};

    private final Map<Integer, LongAdder> counters = new TreeMap<>();
    private final LongAdder others;

    AnswerCounts(Meters meters, String source) {
        for (int status : STATUSES) {
            counters.put(status, counter(meters, source, String.valueOf(status)));
        }
        others = counter(meters, source, "other");
    }

    private static LongAdder counter(Meters meters, String source, String status) {
        return meters.counter("weir_http_answers", "Requests answered, by status", "source", source, "status", status);
    }

    void count(int status) {
        counters.getOrDefault(status, others).increment();
    }
}
