package dev.weir.runtime.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.ContextException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The examples of the API documentation and of docs/patterns.md, which show the marked regions.
@Timeout(30)
final class PatternExamplesTest {
    private final Context context = Context.background();
    private final Queue<String> sent = new ConcurrentLinkedQueue<>();

    private void send(Context context, String mail) {
        context.throwIfDone();
        if (mail.isEmpty()) {
            throw new IllegalArgumentException("an empty mail");
        }
        sent.add(mail);
    }

    @Test
    void pool() throws Exception {
        // @start region="pool"
        try (WorkerPool<String> pool = WorkerPool.io("mails", this::send)
                .workers(8)
                .queue(1024)
                .overflow(Overflow.BLOCK)
                .start(context)) {
            for (var mail : List.of("one", "two", "three")) {
                pool.submit(context, mail); // waits while 1024 wait
            }
            try (var patience = context.withTimeout(Duration.ofSeconds(10))) {
                Leftover<String> undone = pool.drain(patience);
                assertThat(undone.isEmpty()).isTrue();
            }
        }
        // @end
        assertThat(sent).containsExactlyInAnyOrder("one", "two", "three");
    }

    @Test
    void request() throws Exception {
        // @start region="request"
        try (WorkerPool<Request<String, Integer>> pool = WorkerPool.cpu(
                        "lengths", Request.answeredBy((Context _, String text) -> text.length()))
                .start(context)) {
            var request = Request.<String, Integer>of("how long is this?");
            pool.submit(context, request);
            int length = request.await(context).orThrow();
            assertThat(length).isEqualTo(17);
        }
        // @end
    }

    @Test
    void errors() throws Exception {
        var alerts = new ConcurrentLinkedQueue<String>();
        // @start region="errors"
        ErrorChannel<String> errors =
                ErrorChannel.bounded("sensors", 4, alert -> alerts.add(alert.length() + " of " + alert.capacity()));
        for (var error : List.of("a", "b", "c", "d", "e")) {
            errors.report(error); // never waits
        }
        errors.close();
        assertThat(errors.failures()).containsExactly("b", "c", "d", "e"); // the oldest went
        assertThat(errors.dropped()).isEqualTo(1);
        // @end
        assertThat(alerts).containsExactly("2 of 4");
    }

    record Line(String device, double value) {}

    @Test
    void stages() throws Exception {
        Channel<String> lines = Channel.bounded(16);
        lines.sendAll(List.of("a 1.5", "b 2.5", "a 99.0", "b 3.5"));
        lines.close();
        // @start region="stages"
        Stage<String, Line> decode = Stage.map("decode", (Context _, String line) -> {
                    var words = line.split(" ", 2);
                    return new Line(words[0], Double.parseDouble(words[1]));
                })
                .workers(4)
                .ordered();
        try (var pipeline = Pipeline.from("climate", lines)
                .then(decode)
                .then(Stage.filter("sane", line -> line.value() < 50))
                .start(context, (_, line) -> sent.add(line.device() + "=" + line.value()))) {
            pipeline.await(); // throws what a stage threw
        }
        // @end
        assertThat(sent).containsExactly("a=1.5", "b=2.5", "b=3.5");
    }

    @Test
    void channels() throws Exception {
        Channel<String> north = Channel.bounded(4);
        Channel<String> south = Channel.bounded(4);
        north.send("north 20.5");
        south.send("south 21.0");
        north.close();
        south.close();
        // @start region="channels"
        try (var limited = context.withCancel()) {
            var all = Channels.<String>merge(limited, List.of(north, south), 64);
            var both = Channels.<String>tee(limited, all, 64); // one to store, one to show
            both.first().forEach(sent::add);
            both.second().forEach(sent::add);
        }
        // @end
        assertThat(sent).hasSize(4);
    }

    @Test
    void broadcast() throws Exception {
        Channel<String> alarms = Channel.bounded(4);
        // @start region="broadcast"
        try (var broadcast = Broadcast.<String>of(context, "alarms", alarms, 100)) {
            var log = broadcast.subscribe("log", 64, SlowReceiver.BLOCK); // misses nothing
            var view = broadcast.subscribe("view", 1, SlowReceiver.DROP_OLDEST); // sees the latest
            alarms.sendAll(List.of("too hot", "too cold"));
            alarms.close();
            assertThat(log.channel()).containsExactly("too hot", "too cold");
            assertThat(view.channel()).containsExactly("too cold");
            assertThat(view.dropped()).isEqualTo(1);
        }
        // @end
    }

    @Test
    void dispatcher() throws Exception {
        // @start region="dispatcher"
        try (var clients = Dispatcher.<String, String>of(context, "clients", 20_000)) {
            clients.serve("display-1", 16, SlowReceiver.DROP_OLDEST, this::send);
            var door = clients.add("door-7", 4, SlowReceiver.DISCONNECT); // receives by itself

            clients.dispatch(context, "display-1", "20.5 °C");
            clients.dispatch(context, "door-7", "open");
            assertThat(door.channel().receive()).isEqualTo("open");
            assertThat(clients.dispatch(context, "nobody", "?")).isEqualTo(Delivery.GONE);
        }
        // @end
    }

    // @start region="stealing"
    record Range(int from, int to) {}

    /// Halves what is too big, and keeps both halves for whoever is free.
    static void add(Context context, Range range, StealingPool.Own<Range> own, LongAdder sum) {
        int middle = (range.from() + range.to()) >>> 1;
        for (var half : List.of(new Range(range.from(), middle), new Range(middle, range.to()))) {
            if (half.to() - half.from() <= 1000 || !own.fork(half)) {
                context.throwIfDone();
                sum.add(IntStream.range(half.from(), half.to()).asLongStream().sum());
            }
        }
    }
    // @end

    @Test
    void stealing() throws Exception {
        // @start region="stealing-pool"
        var sum = new LongAdder();
        var shape = new StealingPool.Shape(4, 256, StealingPool.Turn.NEWEST_FIRST);
        try (var pool = StealingPool.<Range>start(
                context, "sums", shape, (context, range, own) -> add(context, range, own, sum))) {
            pool.submit(context, new Range(0, 1_000_000));
            assertThat(pool.drain(context)).isZero();
        }
        // @end
        assertThat(sum.sum()).isEqualTo(999_999L * 1_000_000 / 2);
    }

    // @start region="adaptive"
    private final AdaptiveLimit limit = AdaptiveLimit.of(AdaptiveLimit.Settings.between(4, 400));

    private void call(Context context, String mail) throws InterruptedException {
        try (var permit = limit.acquire(context)) { // waits in turn
            try {
                send(context, mail);
                permit.success(); // how long it took is a sample
            } catch (ContextException late) {
                permit.dropped(); // the other side is too slow: less at the same time
                throw late;
            }
        } // any other failure gives the place back, and teaches nothing
    }
    // @end

    @Test
    void adaptive() throws Exception {
        call(context, "one");
        try (var ended = context.withCancel()) {
            ended.cancel();
            assertThatThrownBy(() -> call(ended, "two")).isInstanceOf(ContextException.class);
        }
        assertThat(limit.inFlight()).isZero();
    }
}
