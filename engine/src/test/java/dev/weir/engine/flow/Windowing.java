package dev.weir.engine.flow;

import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.engine.stage.Stage;
import dev.weir.runtime.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A window over so many readings of each device, whose result is their sum.
final class Windowing implements Stage {
    private final Schema results;
    private final int size;
    private final Map<String, List<Reading>> open = new ConcurrentHashMap<>();

    Windowing(Schema results, int size) {
        this.results = results;
        this.size = size;
    }

    static Reading result(Schema schema, Reading cause, long sum) {
        var result = new Reading(
                schema,
                cause.device(),
                cause.time(),
                cause.received(),
                schema.stream(),
                1,
                cause.sequence(),
                Lane.SAMPLE);
        result.set(0, sum);
        return result;
    }

    @Override
    public Verdict apply(Reading reading, Emitter emitter) {
        var window = open.computeIfAbsent(reading.device(), _ -> new ArrayList<>());
        window.add(reading);
        if (window.size() == size) {
            close(window, emitter);
        }
        return Verdict.PASS;
    }

    private void close(List<Reading> window, Emitter emitter) {
        long sum = window.stream().mapToLong(reading -> reading.whole(0)).sum();
        emitter.emit(result(results, window.getFirst(), sum));
        window.clear();
    }

    @Override
    public void finish(Emitter emitter) {
        open.values().stream().filter(window -> !window.isEmpty()).forEach(window -> close(window, emitter));
    }
}
