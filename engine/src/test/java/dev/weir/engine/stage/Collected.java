package dev.weir.engine.stage;

import dev.weir.engine.Reading;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Keeps what a stage emits and resumes.
public final class Collected implements Stage.Emitter {
    final List<Reading> emitted = new CopyOnWriteArrayList<>();
    final List<Reading> resumed = new CopyOnWriteArrayList<>();

    @Override
    public void emit(Reading result) {
        emitted.add(result);
    }

    @Override
    public void resume(Reading held) {
        resumed.add(held);
    }

    static Object value(Reading reading, String field) {
        int slot = reading.schema().slot(field);
        Object value = reading.value(slot);
        return value == null ? "(empty)" : value;
    }
}
