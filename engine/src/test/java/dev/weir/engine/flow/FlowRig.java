package dev.weir.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.FieldType;
import dev.weir.engine.Inlet;
import dev.weir.engine.Message;
import dev.weir.engine.Meters;
import dev.weir.engine.Receipt;
import dev.weir.engine.Schema;
import dev.weir.engine.Sink;
import dev.weir.engine.Tracer;
import dev.weir.engine.config.Location;
import dev.weir.engine.config.Problems;
import dev.weir.engine.decode.DecodeException;
import dev.weir.engine.decode.Decoder;
import dev.weir.engine.stage.Stage;
import dev.weir.runtime.Lane;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A flow for tests: one source `in`, messages `t/DEVICE` whose payload is a whole number that
/// becomes the field `n` in slot 0. Closing it checks that the ledger balances.
final class FlowRig implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    final List<SinkPlan> sinks = new ArrayList<>();
    final List<PipelinePlan> pipelines = new ArrayList<>();
    final Map<String, List<Evaluator>> rules = new HashMap<>();
    final ConcurrentLinkedQueue<String> commandLog = new ConcurrentLinkedQueue<>();
    final FlowClock clock = FlowClock.system();
    final Commands commands =
            new Commands(clock, Meters.none(), (command, outcome, _) -> commandLog.add(command.id() + " " + outcome));
    Consumer<DeadLetter> buried = _ -> {};
    final DeadLetters deadLetters = new DeadLetters(clock, 1000, 1 << 20, letter -> buried.accept(letter));
    final LastValues latest = new LastValues(LastValues.DEVICES);
    final Live live = new Live();
    Tracer tracer = Tracer.none();
    Vigilance vigilance = Vigilance.standard();
    private @Nullable Flow flow;

    /// What a test may change about a pipeline.
    static final class Draft {
        final Schema schema;
        final List<StagePlan> stages = new ArrayList<>();
        final List<Schema> windows = new ArrayList<>();
        List<String> from = List.of("in");
        List<String> to = List.of("out");
        Workforce workforce = new Workforce(1, 64, Overflow.BLOCK);
        Decoder decoder = FlowRig::decode;
        int maxReading = PipelinePlan.MAX_READING;

        Draft(String name) {
            this.schema = schema(name);
        }

        Draft stage(String name, Stage stage) {
            stages.add(StagePlan.of(name, stage));
            return this;
        }

        Draft workers(int workers, int queue, Overflow overflow) {
            workforce = new Workforce(workers, queue, overflow);
            return this;
        }
    }

    /// A stream with the field `n`.
    static Schema schema(String name) {
        var schema = new Schema(name);
        schema.declare(new Schema.Field("n", FieldType.LONG, null));
        return schema;
    }

    private static void decode(Message message, Decoder.Output out) throws DecodeException, InterruptedException {
        String text = new String(message.payload(), StandardCharsets.UTF_8);
        for (String part : text.split(",", -1)) {
            var reading = out.blank();
            try {
                reading.set(0, Long.parseLong(part));
            } catch (NumberFormatException e) {
                throw new DecodeException("malformed", "'" + part + "' is no number");
            }
            out.accept(reading);
        }
    }

    Draft draft(String name) {
        return new Draft(name);
    }

    FlowRig add(Draft draft) {
        var problems = new Problems();
        var pattern = TopicPattern.parse("t/{device}", new Location("test", 1, 1), problems);
        assertThat(problems.all()).isEmpty();
        pipelines.add(new PipelinePlan(
                draft.schema,
                draft.from,
                pattern,
                draft.decoder,
                draft.stages,
                draft.workforce,
                draft.maxReading,
                Optional.empty(),
                draft.windows,
                draft.to));
        return this;
    }

    FlowRig sink(String name, Sink sink) {
        sinks.add(SinkPlan.of(name, sink));
        return this;
    }

    FlowRig sink(String name, Sink sink, int workers, int queue, Overflow overflow) {
        sinks.add(new SinkPlan(name, sink, new Workforce(workers, queue, overflow)));
        return this;
    }

    FlowRig sink(String name, Sink sink, int queue, Overflow overflow, AttemptPlan attempts) {
        sinks.add(new SinkPlan(name, sink, new Workforce(1, queue, overflow), attempts));
        return this;
    }

    FlowParts parts() {
        return new FlowParts(clock, Meters.none(), latest, deadLetters, commands, live, tracer);
    }

    FlowRig start() throws Exception {
        flow = new Flow(
                new FlowPlan(1, List.of(new SourcePlan("in", Lane.SAMPLE)), pipelines, sinks, rules),
                parts(),
                vigilance);
        flow().start();
        return this;
    }

    Flow flow() {
        return Objects.requireNonNull(flow);
    }

    Inlet inlet() {
        return flow().inlet("in");
    }

    /// Hands a message over and returns what the source is told.
    Receipt send(String device, String payload) throws InterruptedException {
        return send(Message.of("t/" + device, payload.getBytes(StandardCharsets.UTF_8)));
    }

    Receipt send(Message message) throws InterruptedException {
        Receipt[] told = new Receipt[1];
        inlet().accept(message, receipt -> {
            assertThat(told[0]).isNull();
            told[0] = receipt;
        });
        return told[0];
    }

    /// Waits until everything handed over is processed.
    void flush() throws Exception {
        flow().flush().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    Ledger.StreamLine line(String stream) {
        return flow().ledger().streams().stream()
                .filter(line -> line.stream().equals(stream))
                .findFirst()
                .orElseThrow();
    }

    Ledger.SourceLine source() {
        return flow().ledger().sources().getFirst();
    }

    /// Waits until something is so.
    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waiting until " + what).isLessThan(deadline);
            LockSupport.parkNanos(100_000);
        }
    }

    /// Waits until the ledger balances: soon after everything has come to rest.
    void awaitBalance() {
        await("the ledger balances: " + flow().ledger(), () -> flow().ledger().balanced());
    }

    List<String> stop(Duration deadline) throws InterruptedException {
        List<String> running = flow().close(deadline);
        assertThat(flow().ledger()).as(flow().ledger().toString()).returns(true, Ledger::balanced);
        return running;
    }

    @Override
    public void close() {
        if (flow != null) {
            try {
                stop(PATIENCE);
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted while closing the flow", e);
            }
            assertThat(commands.line()).returns(true, Commands.Line::balanced);
        }
    }
}
