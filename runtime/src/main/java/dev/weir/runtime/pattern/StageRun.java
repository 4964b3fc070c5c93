package dev.weir.runtime.pattern;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.ContextException;
import dev.weir.runtime.Group;
import dev.weir.runtime.PartialSendException;
import dev.weir.runtime.ReceiveChannel;
import dev.weir.runtime.SendChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/// A stage at work between two channels. Its threads end when the input does, and the last one
/// closes the output; if one fails, the group's context ends all others, and closes nothing: what
/// comes behind must not take a failure for the end.
final class StageRun<A, B> {

    /// A batch on its way through an ordered stage; `result` gets one element.
    private record Job<A, B>(List<A> batch, Channel<Collection<? extends B>> result) {}

    // set once
    private final Stage<A, B> stage;
    private final ReceiveChannel<A> in;
    private final SendChannel<? super B> out;
    private final Group group;
    private final Context context;
    private final LongAdder handedOn = new LongAdder();

    StageRun(Stage<A, B> stage, ReceiveChannel<A> in, SendChannel<? super B> out, Group group) {
        this.stage = stage;
        this.in = in;
        this.out = out;
        this.group = group;
        this.context = group.context();
    }

    void start() throws InterruptedException {
        if (stage.workers == 1) {
            work(List.of(in), stage.batch);
            return;
        }
        switch (stage.order) {
            case Stage.Order.Finished<A>() -> {
                var inputs = new ArrayList<ReceiveChannel<A>>();
                for (int i = 0; i < stage.workers; i++) {
                    inputs.add(in);
                }
                work(inputs, stage.batch);
            }
            case Stage.Order.Key<A>(Function<? super A, ?> key) -> partition(key);
            case Stage.Order.Input<A>() -> inTurn();
        }
    }

    /// A worker for each of the inputs, which may all be the same.
    private void work(List<? extends ReceiveChannel<A>> inputs, int most) throws InterruptedException {
        var left = new AtomicInteger(inputs.size());
        for (int i = 0; i < inputs.size(); i++) {
            var input = inputs.get(i);
            go("-" + (i + 1), () -> {
                var batch = new ArrayList<A>();
                while (input.receiveUpTo(batch, share(input, most), context) > 0) {
                    handOn(stage.step.apply(context, batch));
                    batch.clear();
                }
                if (left.decrementAndGet() == 0) {
                    out.closeIfOpen();
                }
            });
        }
    }

    /// No worker takes what others could do at the same time.
    private int share(ReceiveChannel<A> input, int most) {
        return input == in && stage.workers > 1 ? Math.clamp(input.length() / stage.workers, 1, most) : most;
    }

    private void handOn(Collection<? extends B> results) throws InterruptedException {
        send(out, results);
        handedOn.add(results.size());
    }

    /// That a part was sent is of no use to anybody when the context has ended.
    private <E> void send(SendChannel<E> channel, Collection<? extends E> elements) throws InterruptedException {
        try {
            channel.sendAll(elements, context);
        } catch (PartialSendException partial) {
            throw partial.getCause() instanceof ContextException end ? end : partial;
        }
    }

    private void go(String suffix, Group.Task task) throws InterruptedException {
        group.go(() -> {
            var thread = Thread.currentThread();
            thread.setName(thread.getName() + "-" + stage.name + suffix);
            task.run();
        });
    }

    private void partition(Function<? super A, ?> key) throws InterruptedException {
        var parts = new ArrayList<Channel<A>>();
        for (int i = 0; i < stage.workers; i++) {
            parts.add(Channel.bounded(Math.max(1, stage.capacity / stage.workers)));
        }
        go("-router", () -> {
            var batch = new ArrayList<A>();
            var split = new ArrayList<List<A>>();
            parts.forEach(_ -> split.add(new ArrayList<>()));
            while (in.receiveUpTo(batch, stage.batch, context) > 0) {
                for (var element : batch) {
                    split.get(Channels.part(key.apply(element), parts.size())).add(element);
                }
                for (int i = 0; i < split.size(); i++) {
                    send(parts.get(i), split.get(i));
                    split.get(i).clear();
                }
                batch.clear();
            }
            parts.forEach(Channel::close);
        });
        work(parts, stage.batch);
    }

    /// Batches queue up twice: for a worker, and for their turn.
    private void inTurn() throws InterruptedException {
        Channel<Job<A, B>> jobs = Channel.bounded(stage.workers);
        Channel<Job<A, B>> turns = Channel.bounded(2 * stage.workers);
        go("-router", () -> {
            var batch = new ArrayList<A>();
            while (in.receiveUpTo(batch, share(in, stage.batch), context) > 0) {
                var job = new Job<A, B>(batch, Channel.bounded(1));
                turns.send(job, context);
                jobs.send(job, context);
                batch = new ArrayList<>();
            }
            jobs.close();
            turns.close();
        });
        for (int i = 1; i <= stage.workers; i++) {
            go("-" + i, () -> {
                var one = new ArrayList<Job<A, B>>(1);
                while (jobs.receiveUpTo(one, 1, context) > 0) {
                    var job = one.getFirst();
                    job.result.send(stage.step.apply(context, job.batch));
                    one.clear();
                }
            });
        }
        go("-turns", () -> {
            var one = new ArrayList<Job<A, B>>(1);
            while (turns.receiveUpTo(one, 1, context) > 0) {
                handOn(one.getFirst().result.receive(context));
                one.clear();
            }
            out.closeIfOpen();
        });
    }

    StageStats stats() {
        var before = in.stats();
        var behind = out.stats();
        return new StageStats(
                stage.name,
                stage.workers,
                before.received(),
                handedOn.sum(),
                before.length(),
                before.capacity(),
                before.receiversBlocked(),
                behind.sendersBlocked());
    }
}
