package dev.weir.engine.flow;

import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.engine.Span;
import java.util.Arrays;
import java.util.List;

/// Carries the readings of a stream into a pipeline that is `from:` it. The pipeline gets copies,
/// since its stages change them while sinks read the originals. The key stays.
final class Feed {
    private static final int[] NONE = {};

    private final Pipeline to;

    /// For each slot of the stream the pipeline's, as far as fields were known when it was made.
    private volatile int[] slots = NONE;

    Feed(Pipeline to) {
        this.to = to;
    }

    /// Puts a copy into the pipeline's queue. Waits for room until `halt`.
    ///
    /// @return false if the pipeline has ended
    boolean forward(Reading reading, Halt halt) {
        Reading copy = copy(reading);
        if (to.entrance().put(copy, halt) != Inbox.Put.TAKEN) {
            Fate.DROPPED.of(copy, Account.SHUTDOWN);
            return false;
        }
        to.account().accepted.increment();
        return true;
    }

    private Reading copy(Reading from) {
        int[] map = slots(from);
        Reading copy = new Reading(
                        to.schema(),
                        from.device(),
                        from.time(),
                        from.received(),
                        from.source(),
                        from.epoch(),
                        from.sequence(),
                        to.lane().orElse(from.lane()))
                .hops(from.hops());
        Span trace = from.trace();
        if (trace != null) {
            copy.trace(trace.part("pipeline " + to.name())
                    .with("weir.pipeline", to.name())
                    .with("weir.device", from.device()));
        }
        for (int slot = 0; slot < from.slots(); slot++) {
            if (from.has(slot) && map[slot] != Schema.NONE) {
                set(copy, map[slot], from, slot);
            }
        }
        return copy;
    }

    private static void set(Reading copy, int target, Reading from, int slot) {
        switch (from.type(slot)) {
            case null -> copy.clear(target);
            case DOUBLE -> copy.set(target, from.real(slot));
            case LONG -> copy.set(target, from.whole(slot));
            case BOOLEAN -> copy.set(target, from.flag(slot));
            case STRING -> copy.set(target, from.text(slot));
        }
    }

    private int[] slots(Reading from) {
        int[] map = slots;
        if (map.length >= from.slots()) {
            return map;
        }
        List<Schema.Field> fields = from.schema().fields();
        int[] longer = Arrays.copyOf(map, fields.size());
        for (int slot = map.length; slot < longer.length; slot++) {
            longer[slot] = to.schema().slotFor(fields.get(slot).name());
        }
        slots = longer;
        return longer;
    }
}
