package dev.weir.engine.stage;

import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.engine.expression.Bindings;
import dev.weir.engine.expression.EvaluationException;
import dev.weir.engine.expression.EvaluationException.Reason;
import dev.weir.engine.expression.Expression;
import dev.weir.engine.stage.OpenWindow.Sample;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Tumbling windows over event time, aligned to 1970-01-01T00:00:00Z. Readings flow on; each
/// window that closes is emitted once, in the order of start for each key.
///
/// A window `[start, start + size)` closes when the watermark of its key reaches its end. By
/// device the watermark is the device's own: the latest event time it sent, less the lateness. For
/// windows that devices share see [SharedWatermark]. A reading whose window is closed is counted
/// as late and changes nothing.
///
/// A field that a reading does not have, or that is NaN, is left out of the aggregates that need
/// it; `count()` counts readings. An aggregate without any value leaves its field of the result
/// empty. A value of the wrong type makes a dead letter of the reading before any window has seen
/// it.
///
/// A result is a [Reading] of the stream's own [Schema]: its time and sequence are the window's
/// start, its source is the stream's name, its epoch 0, its device the device or the values of the
/// key ([KeyBy#label]); it was received when the reading that closed it was. With the device that
/// makes (stream, key, start) its key in the store.
final class Window implements Stage {
    private final KeyBy by;
    private final List<Input> inputs;
    private final List<Output> outputs;
    private final Schema results;
    private final int limit;
    private final KeyedState<Object, KeyWindows, KeyWindows.Closed> state;
    private final LongAdder late = new LongAdder();
    private final LongAdder crowded = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /// What all windows have in common.
    record Frame(long size, long lateness, boolean byDevice, List<Aggregate> aggregates) {}

    /// The argument of an aggregate.
    ///
    /// @param argument null for `count()`
    record Input(Aggregate aggregate, @Nullable Expression argument) {}

    /// A field of the result: from a formula over the aggregates, or a value of the key.
    sealed interface Output {
        int slot();

        record OfFormula(int slot, int base, Expression formula) implements Output {}

        record OfKey(int slot, int part) implements Output {}
    }

    Window(KeyBy by, Frame frame, List<Input> inputs, List<Output> outputs, Schema results, int limit) {
        this.by = by;
        this.inputs = List.copyOf(inputs);
        this.outputs = List.copyOf(outputs);
        this.results = results;
        this.limit = limit;
        this.state = new KeyedState<>(limit, key -> new KeyWindows(key, frame));
    }

    @Override
    public Optional<Schema> results() {
        return Optional.of(results);
    }

    @Override
    public Verdict apply(Reading reading, Emitter emitter) {
        Sample sample = sample(reading);
        switch (state.update(
                by.key(reading),
                (windows, out) -> windows.add(reading.device(), sample, reading.lane(), out),
                closed -> emitter.emit(result(closed)))) {
            case LATE -> late.increment();
            case CROWDED -> crowded.increment();
            case COUNTED -> {}
        }
        return Verdict.PASS;
    }

    private Sample sample(Reading reading) {
        Sample sample = new Sample(inputs.size(), reading.time(), reading.received(), reading.hops());
        for (int i = 0; i < inputs.size(); i++) {
            Input input = inputs.get(i);
            Expression argument = input.argument;
            if (argument == null) {
                continue;
            }
            try {
                if (input.aggregate.isNumeric()) {
                    sample.set(i, argument.real(reading));
                } else {
                    sample.set(i, argument.value(reading));
                }
            } catch (EvaluationException e) {
                if (e.reason() != Reason.NO_SUCH_FIELD) {
                    throw Formulas.failed(argument, e, reading);
                }
            }
        }
        return sample;
    }

    private Reading result(KeyWindows.Closed closed) {
        OpenWindow window = closed.window();
        String stream = results.stream();
        Reading result = new Reading(
                        results,
                        KeyBy.label(closed.key()),
                        window.start(),
                        window.received(),
                        stream,
                        0,
                        window.start(),
                        window.lane())
                .hops(window.hops());
        for (Output output : outputs) {
            switch (output) {
                case Output.OfFormula(int slot, int base, Expression formula) ->
                    fill(result, slot, formula, window.results(base));
                case Output.OfKey(int slot, int part) -> Fields.set(result, slot, KeyBy.part(closed.key(), part), "by");
            }
        }
        return result;
    }

    private void fill(Reading result, int slot, Expression formula, Bindings aggregates) {
        try {
            Fields.set(result, slot, formula.value(aggregates), formula.source());
        } catch (EvaluationException e) {
            if (e.reason() != Reason.NO_SUCH_FIELD) {
                failed.increment();
            }
        } catch (StageException e) {
            failed.increment();
        }
    }

    @Override
    public void finish(Emitter emitter) {
        state.forEach(
                (windows, out) -> {
                    windows.closeAll(out);
                    return true;
                },
                closed -> emitter.emit(result(closed)));
    }

    @Override
    public long worstCaseBytes() {
        long window = KeyWindows.WINDOW_BYTES + Accumulator.BYTES * inputs.size();
        long key = KeyWindows.BYTES + KeyedState.KEY_BYTES;
        return limit * Math.max(key + window, by.isDevice() ? 0 : SharedWatermark.MEMBER_BYTES);
    }

    /// `late`: readings whose window was closed; `evicted`: keys whose windows closed early for
    /// want of room; `crowded`: windows closed early because their key had too many open;
    /// `failed`: fields of results whose formula failed.
    @Override
    public Map<String, Long> counts() {
        return Map.of("late", late.sum(), "evicted", state.evicted(), "crowded", crowded.sum(), "failed", failed.sum());
    }
}
