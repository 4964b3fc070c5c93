package dev.weir.runtime;

import static dev.weir.runtime.Select.consume;
import static dev.weir.runtime.Select.done;
import static dev.weir.runtime.Select.receive;
import static dev.weir.runtime.Select.select;
import static dev.weir.runtime.Select.selectFirst;
import static dev.weir.runtime.Select.timeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The examples of the API documentation and the README, which show the marked regions.
@Timeout(30)
final class ExamplesTest {

    @Test
    void pipeline() throws Exception {
        var results = new ArrayList<String>();
        // @start region="pipeline"
        Channel<String> lines = Channel.bounded(64);
        try (var group = Group.of(Context.background(), "lines")) {
            group.go(() -> {
                for (var line : List.of("20.5", "21.0", "19.9")) {
                    lines.send(line); // waits while 64 lines are on their way
                }
                lines.close(); // ends the loop below
            });
            for (var line : lines) {
                results.add(line);
            }
            group.await(); // throws what the task threw
        }
        // @end
        assertThat(results).containsExactly("20.5", "21.0", "19.9");
    }

    // @start region="switch"
    sealed interface Event {
        record Reading(double value) implements Event {}

        record Tick() implements Event {}

        record Stop() implements Event {}
    }

    static double sum(Context context, ReceiveChannel<Double> readings, ReceiveChannel<Long> ticks)
            throws InterruptedException {
        double sum = 0;
        while (true) {
            Event event = select(
                    receive(readings, Event.Reading::new, Event.Stop::new),
                    receive(ticks, tick -> new Event.Tick()),
                    done(context, Event.Stop::new));
            switch (event) {
                case Event.Reading(double value) -> sum += value;
                case Event.Tick() -> sum = 0;
                case Event.Stop() -> {
                    return sum;
                }
            }
        }
    }
    // @end

    @Test
    void selectAndSwitch() throws Exception {
        Channel<Double> readings = Channel.bounded(2);
        readings.send(1.5);
        readings.send(2.0);
        readings.close();
        assertThat(sum(Context.background(), readings, Channel.never())).isEqualTo(3.5);
    }

    // @start region="statements"
    static void batch(ReceiveChannel<String> lines, List<List<String>> batches) throws InterruptedException {
        var batch = new ArrayList<String>();
        while (batch.size() < 3) {
            select(consume(lines, line -> batch.add(line)), timeout(Duration.ofMillis(5), () -> {
                batches.add(List.copyOf(batch));
                batch.clear();
            }));
        }
        batches.add(batch);
    }
    // @end

    @Test
    void selectWithStatements() throws Exception {
        Channel<String> lines = Channel.bounded(4);
        List<List<String>> batches = new ArrayList<>();
        for (var line : List.of("a", "b", "c", "d")) {
            lines.send(line);
        }
        batch(lines, batches);
        assertThat(batches.getLast()).containsExactly("a", "b", "c");
        assertThat(lines.length()).isEqualTo(1);
    }

    // @start region="deadline"
    static String ask(Context context, SendChannel<String> questions, ReceiveChannel<String> answers)
            throws InterruptedException {
        try (var limited = context.withTimeout(Duration.ofMillis(5))) {
            questions.send("how warm is it?", limited);
            return answers.receive(limited);
        } catch (DeadlineExceededException e) {
            return "unknown";
        }
    }
    // @end

    @Test
    void contextWithDeadline() throws Exception {
        assertThat(ask(Context.background(), Channel.bounded(1), Channel.never()))
                .isEqualTo("unknown");
    }

    // @start region="after"
    static int read(Context context, InputStream socket) throws IOException {
        // A blocking read knows no context: closing the socket ends it.
        var closing = context.afterFunc(() -> close(socket));
        try {
            return socket.read();
        } finally {
            closing.stop();
        }
    }
    // @end

    private static void close(InputStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void afterFunc() throws Exception {
        assertThat(read(Context.background(), new ByteArrayInputStream(new byte[] {7})))
                .isEqualTo(7);
    }

    // @start region="group"
    static void copyAll(Context context, List<String> names, SendChannel<String> to) throws InterruptedException {
        try (var group = Group.of(context, "copy").limit(8)) {
            for (var name : names) {
                group.go(() -> {
                    if (name.isBlank()) {
                        throw new IllegalArgumentException("a name is blank");
                    }
                    to.send(name, group.context()); // ends when another task fails
                });
            }
            group.await(); // waits for all; throws the first failure
        }
    }
    // @end

    @Test
    void group() throws Exception {
        Channel<String> to = Channel.bounded(2);
        copyAll(Context.background(), List.of("a", "b"), to);
        assertThat(to.length()).isEqualTo(2);
        assertThatThrownBy(() -> copyAll(Context.background(), List.of("c", "d", " "), to))
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("a name is blank");
    }

    /// A context as an RPC library might have it.
    static final class Rpc {
        private final List<Runnable> listeners = new ArrayList<>();

        void addListener(Runnable listener) {
            listeners.add(listener);
        }

        void removeListener(Runnable listener) {
            listeners.remove(listener);
        }

        void hangUp() {
            List.copyOf(listeners).forEach(Runnable::run);
        }
    }

    // @start region="foreign"
    static CancellableContext contextOf(Rpc rpc, Context context) {
        return context.linkedTo(ours -> {
            Runnable cancel = ours::cancel;
            rpc.addListener(cancel);
            return () -> rpc.removeListener(cancel); // when ours ends first
        });
    }
    // @end

    @Test
    void foreign() {
        var rpc = new Rpc();
        try (var context = contextOf(rpc, Context.background())) {
            rpc.hangUp();
            assertThat(context.isDone()).isTrue();
        }
        assertThat(rpc.listeners).isEmpty();
    }

    // @start region="interrupting"
    static String nextLine(Context context, BlockingQueue<String> lines) throws InterruptedException {
        return context.interrupting(lines::take); // throws a ContextException when the context ends
    }
    // @end

    @Test
    void interrupting() throws Exception {
        var lines = new LinkedBlockingQueue<>(List.of("a"));
        try (var context = Context.background().withTimeout(Duration.ofMillis(5))) {
            assertThat(nextLine(Context.background(), lines)).isEqualTo("a");
            assertThatThrownBy(() -> nextLine(context, lines)).isInstanceOf(DeadlineExceededException.class);
        }
    }

    // @start region="cancelled-by-interrupt"
    static void serve(Context context, Group.Task worker) throws InterruptedException {
        try (var own = context.withCancel();
                var group = Group.of(own, "serve")) {
            group.go(worker);
            own.cancelledByInterrupt(() -> group.await()); // an interrupt ends the workers too
        }
    }
    // @end

    @Test
    void cancelledByInterrupt() throws Exception {
        try (var stop = Context.background().withCancel()) {
            serve(stop, () -> {});
        }
    }

    // @start region="semaphore"
    private final WeightedSemaphore memory = WeightedSemaphore.of(64 * 1024 * 1024);

    byte[] read(Context context, InputStream from, int bytes) throws IOException, InterruptedException {
        memory.acquire(bytes, context); // waits until so many bytes are free
        try {
            return from.readNBytes(bytes);
        } finally {
            memory.release(bytes);
        }
    }
    // @end

    @Test
    void semaphore() throws Exception {
        assertThat(read(Context.background(), new ByteArrayInputStream(new byte[] {1, 2, 3}), 2))
                .containsExactly(1, 2);
        assertThat(memory.available()).isEqualTo(memory.size());
    }

    @Test
    void waitGroup() throws Exception {
        var warm = ConcurrentHashMap.<String>newKeySet();
        // @start region="wait-group"
        var caches = WaitGroup.of("warm-up");
        for (var name : List.of("devices", "rules")) {
            caches.go(() -> warm.add(name));
        }
        caches.await(); // until both have ended
        // @end
        assertThat(warm).hasSize(2);
    }

    // @start region="gather"
    static List<String> report(Context context, List<Callable<Integer>> probes) throws InterruptedException {
        try (var gather = Gather.<Integer>of(context, "probe").limit(4)) {
            for (var probe : probes) {
                gather.go(probe);
            }
            return gather.await().stream() // one outcome for each, in order
                    .map(outcome -> switch (outcome) {
                        case Outcome.Success<Integer>(Integer value) -> "ok " + value;
                        case Outcome.Failure<Integer>(Throwable thrown) -> "down: " + thrown.getMessage();
                    })
                    .toList();
        }
    }
    // @end

    @Test
    void gather() throws Exception {
        List<Callable<Integer>> probes = List.of(() -> 1, () -> {
            throw new IOException("no route");
        });
        assertThat(report(Context.background(), probes)).containsExactly("ok 1", "down: no route");
    }

    // @start region="singleflight"
    private final Singleflight<String, String> lookups = Singleflight.of("lookup");

    String address(Context context, String host) throws InterruptedException {
        return lookups.call(context, host, shared -> lookUp(shared, host)); // one look-up, however many ask
    }
    // @end

    private static String lookUp(Context context, String host) {
        context.throwIfDone();
        return "address of " + host;
    }

    @Test
    void singleflight() throws Exception {
        assertThat(address(Context.background(), "hub")).isEqualTo("address of hub");
    }

    // @start region="limiter"
    private final RateLimiter requests = RateLimiter.tokenBucket(Rate.perSecond(100), 20);

    String answer(String request) {
        return requests.allow() ? "answer to " + request : "too many requests"; // drops
    }

    void forward(Context context, String request, SendChannel<String> to) throws InterruptedException {
        requests.await(context); // delays
        to.send(request, context);
    }
    // @end

    @Test
    void limiter() throws Exception {
        Channel<String> to = Channel.bounded(1);
        forward(Context.background(), "b", to);
        assertThat(answer("a")).isEqualTo("answer to a");
        assertThat(to.receive()).isEqualTo("b");
    }

    // @start region="first"
    static double sumUntilTold(Context context, ReceiveChannel<Double> readings) throws InterruptedException {
        var sum = new double[1];
        while (selectFirst(
                done(context, () -> false), // wins as soon as it is ready, however many readings wait
                receive(
                        readings,
                        reading -> {
                            sum[0] += reading;
                            return true;
                        },
                        () -> false))) {}
        return sum[0];
    }
    // @end

    @Test
    void selectByPriority() throws Exception {
        Channel<Double> readings = Channel.bounded(2);
        readings.sendAll(List.of(1.0, 2.0));
        readings.close();
        var context = Context.background().withCancel();
        assertThat(sumUntilTold(context, readings)).isEqualTo(3);
        Channel<Double> more = Channel.bounded(1);
        more.send(4.0);
        context.cancel();
        assertThat(sumUntilTold(context, more)).isZero();
    }

    @Test
    void undelivered() throws Exception {
        var first = new ByteArrayInputStream(new byte[] {1});
        var second = new ByteArrayInputStream(new byte[] {2});
        var closed = new ArrayList<InputStream>();
        Consumer<InputStream> close = closed::add;
        // @start region="undelivered"
        Channel<InputStream> streams = Channel.bounded(8, close);
        streams.sendAll(List.of(first, second));
        try (var stream = streams.receive()) {
            stream.read();
        } finally {
            streams.closeAndDrain(); // closes the second
        }
        // @end
        assertThat(closed).containsExactly(second);
    }

    @Test
    void batches() throws Exception {
        Channel<String> in = Channel.bounded(64);
        Channel<String> out = Channel.bounded(64);
        in.sendAll(List.of("a", "b", "c"));
        in.close();
        // @start region="batches"
        var batch = new ArrayList<String>();
        while (in.receiveUpTo(batch, 64) > 0) { // waits for one, takes what is there
            batch.replaceAll(String::toUpperCase);
            out.sendAll(batch); // a few ns each, where one by one takes several times that
            batch.clear();
        }
        out.close();
        // @end
        assertThat(out).containsExactly("A", "B", "C");
    }

    // @start region="ticker"
    static int countTicks(Context context, Duration interval) throws InterruptedException {
        var ticker = Ticker.every(interval);
        var count = new int[1];
        while (select(receive(ticker.ticks(), due -> true), done(context, () -> false))) {
            count[0]++;
        }
        return count[0]; // the ticker needs no stop: nobody refers to it any more
    }
    // @end

    @Test
    void ticker() throws Exception {
        try (var context = Context.background().withTimeout(Duration.ofMillis(500))) {
            assertThat(countTicks(context, Duration.ofMillis(1))).isPositive();
        }
    }

    // @start region="timer"
    /// Returns as soon as nothing has come for `quiet`.
    static int untilQuiet(ReceiveChannel<String> lines, Duration quiet) throws InterruptedException {
        var timer = ChannelTimer.in(quiet);
        int count = 0;
        while (select(receive(lines, line -> true), receive(timer.tick(), due -> false))) {
            count++;
            timer.reset(quiet); // a tick that was due meanwhile is gone
        }
        return count;
    }
    // @end

    @Test
    void timer() throws Exception {
        Channel<String> lines = Channel.bounded(4);
        lines.sendAll(List.of("a", "b"));
        assertThat(untilQuiet(lines, Duration.ofMillis(500))).isEqualTo(2);
    }
}
