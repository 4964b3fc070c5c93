package dev.weir.runtime.pattern;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.ContextException;
import dev.weir.runtime.PartialSendException;
import dev.weir.runtime.ReceiveChannel;
import dev.weir.runtime.Scheduler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// Joins channels and splits them.
///
/// {@snippet file="pattern/PatternExamplesTest.java" region="channels"}
///
/// Each of these runs one virtual thread (merging: one for each source) from now on until the
/// source ends or the context is done, and then closes what it has made; the receivers see the
/// end, and ask their context whether it was one before its time. Elements move in batches of up
/// to 64; those in the hands of a thread when the context ends are gone. Whoever stops receiving
/// cancels the context, or the thread waits for him for ever.
///
/// **When not.** If any receiver may have any element, let them all receive from the same channel:
/// that is a fan-out without any of this. To wait for two or three channels in one place,
/// [dev.weir.runtime.Select] needs no thread. All methods return at once.
public final class Channels {
    private static final int BATCH = 64;

    private Channels() {}

    /// The two channels of a tee, which both get every element.
    ///
    /// @param <T> the type of the elements
    /// @param first one of them
    /// @param second the other
    public record Tee<T>(ReceiveChannel<T> first, ReceiveChannel<T> second) {}

    /// Deals out the elements in turn: the first to the first channel, the second to the second,
    /// and so on. One slow receiver holds up all.
    ///
    /// @param <T> the type of the elements
    /// @param outputs how many channels, at least 1
    /// @param capacity of each
    /// @throws IllegalArgumentException if a number is less than 1
    public static <T> List<ReceiveChannel<T>> fanOut(
            Context context, ReceiveChannel<? extends T> source, int outputs, int capacity) {
        var next = new int[1]; // only the thread that deals out
        return deal(context, source, outputs, capacity, _ -> next[0]++ % outputs);
    }

    /// Deals out the elements by key: those of the same key go to the same channel, in order.
    ///
    /// @param <T> the type of the elements
    /// @param outputs how many channels, at least 1
    /// @param capacity of each
    /// @param key finds the key, which has `hashCode`; what it throws ends the fan-out as the end
    ///     of the source does, and goes to the uncaught exception handler
    /// @throws IllegalArgumentException if a number is less than 1
    public static <T> List<ReceiveChannel<T>> fanOut(
            Context context,
            ReceiveChannel<? extends T> source,
            int outputs,
            int capacity,
            Function<? super T, ?> key) {
        Objects.requireNonNull(key, "key");
        return deal(context, source, outputs, capacity, element -> part(key.apply(element), outputs));
    }

    /// The part of a key. Hash codes of numbers that count up by a step would all meet in one
    /// without the mixing.
    static int part(@Nullable Object key, int parts) {
        int hash = Objects.hashCode(key) * 0x9E3779B9;
        return Math.floorMod(hash ^ hash >>> 16, parts);
    }

    private static <T> List<ReceiveChannel<T>> deal(
            Context context,
            ReceiveChannel<? extends T> source,
            int outputs,
            int capacity,
            ToIntFunction<? super T> part) {
        if (outputs < 1) {
            throw new IllegalArgumentException("a fan-out must have at least 1 output, but was " + outputs);
        }
        var channels = new ArrayList<Channel<T>>();
        var split = new ArrayList<List<T>>();
        for (int i = 0; i < outputs; i++) {
            channels.add(Channel.bounded(capacity));
            split.add(new ArrayList<>());
        }
        start("fan-out", context, source, channels, batch -> {
            for (var element : batch) {
                split.get(part.applyAsInt(element)).add(element);
            }
            for (int i = 0; i < outputs; i++) {
                channels.get(i).sendAll(split.get(i), context);
                split.get(i).clear();
            }
        });
        return List.copyOf(channels);
    }

    /// Two channels that both get every element; the slower one sets the pace. For more than two,
    /// or for receivers that may miss something, use a [Broadcast].
    ///
    /// @param <T> the type of the elements
    /// @param capacity of each
    public static <T> Tee<T> tee(Context context, ReceiveChannel<? extends T> source, int capacity) {
        Channel<T> first = Channel.bounded(capacity);
        Channel<T> second = Channel.bounded(capacity);
        start("tee", context, source, List.of(first, second), batch -> {
            first.sendAll(batch, context);
            second.sendAll(batch, context);
        });
        return new Tee<>(first, second);
    }

    /// One channel with the elements of all sources, in the order of each; ends when all have
    /// ended. Go's fan-in. Costs a thread for each source, where a [dev.weir.runtime.Select] over
    /// the same costs more for each element the more there are.
    ///
    /// @param <T> the type of the elements
    /// @param capacity of the channel
    public static <T> ReceiveChannel<T> merge(
            Context context, Collection<? extends ReceiveChannel<? extends T>> sources, int capacity) {
        Channel<T> out = Channel.bounded(capacity);
        var all = List.copyOf(sources);
        if (all.isEmpty()) {
            out.close();
        }
        var left = new AtomicInteger(all.size());
        for (var source : all) {
            run("merge", context, source, batch -> out.sendAll(batch, context), () -> {
                if (left.decrementAndGet() == 0) {
                    out.closeIfOpen();
                }
            });
        }
        return out;
    }

    /// What is done with a batch.
    @FunctionalInterface
    interface Move<T> {
        void move(List<T> batch) throws InterruptedException;
    }

    private static <T> void start(
            String name, Context context, ReceiveChannel<? extends T> source, List<Channel<T>> outputs, Move<T> move) {
        run(name, context, source, move, () -> outputs.forEach(Channel::closeIfOpen));
    }

    /// Moves batches in a thread of its own, until the source or the context ends.
    static <T> void run(
            String name, Context context, ReceiveChannel<? extends T> source, Move<T> move, Runnable atTheEnd) {
        Objects.requireNonNull(context, "context");
        Objects.requireNonNull(source, "source");
        Scheduler.go(name, () -> {
            try {
                var batch = new ArrayList<T>();
                while (source.receiveUpTo(batch, BATCH, context) > 0) {
                    move.move(batch);
                    batch.clear();
                }
            } catch (ContextException | InterruptedException _) {
                // the receivers see the end of their channels
            } catch (PartialSendException _) {
                // the same, in the middle of a batch
            } finally {
                atTheEnd.run();
            }
        });
    }
}
