package dev.weir.engine.flow;

import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.runtime.Lane;

/// What the messages of one address and source become in one pipeline: worked out once, so that
/// the next message costs a look-up.
final class Route {
    private final Pipeline pipeline;
    private final String source;
    private final Lane lane;
    private final String device;
    private final int[] slots;
    private final String[] values;

    /// @param names the variables of the pipeline's pattern
    /// @param bound what the address says about them
    Route(Pipeline pipeline, String source, Lane lane, java.util.List<String> names, String[] bound) {
        this.pipeline = pipeline;
        this.source = source;
        this.lane = lane;
        int at = names.indexOf(TopicPattern.DEVICE);
        this.device = at < 0 ? "" : bound[at];
        int fields = at < 0 ? names.size() : names.size() - 1;
        this.slots = new int[fields];
        this.values = new String[fields];
        int next = 0;
        for (int i = 0; i < names.size(); i++) {
            if (i != at) {
                slots[next] = pipeline.schema().slotFor(names.get(i));
                values[next++] = bound[i];
            }
        }
    }

    Pipeline pipeline() {
        return pipeline;
    }

    String device() {
        return device;
    }

    Reading blank(long received, long epoch, long sequence, int hops) {
        var reading =
                new Reading(pipeline.schema(), device, received, received, source, epoch, sequence, lane).hops(hops);
        for (int i = 0; i < slots.length; i++) {
            if (slots[i] != Schema.NONE) {
                reading.set(slots[i], values[i]);
            }
        }
        return reading;
    }
}
