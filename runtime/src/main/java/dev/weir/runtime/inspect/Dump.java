package dev.weir.runtime.inspect;

import dev.weir.runtime.control.Simulations;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/// All virtual threads that this library has started, with what they wait for: the answer to "why
/// does nothing move".
///
/// {@snippet file="inspect/InspectExamplesTest.java" region="dump"}
///
/// Each thread is looked at by itself while the others run on, so that two of them may not fit
/// together. A look takes some microseconds for each thread. It knows the threads that were started
/// by a [scheduler][dev.weir.runtime.Scheduler], a group or whatever else of the library starts
/// threads; others it does not.
///
/// @param at when it was taken
/// @param total how many threads there were; more than `threads` has if it was cut
/// @param threads in the order in which they were made
/// @param platform the library's platform threads: carriers, the watch, the timer
public record Dump(Instant at, long total, List<ThreadSnapshot> threads, List<PlatformThread> platform) {
    /// How many threads a dump has if nothing else was asked for.
    public static final int THREADS = 1_000;

    /// How many frames of each stack a dump has if nothing else was asked for.
    public static final int FRAMES = 32;

    /// A platform thread of the library.
    ///
    /// @param name of the thread
    /// @param state as the JVM gives it
    /// @param stack innermost frame first, cut to a bound
    public record PlatformThread(String name, Thread.State state, List<StackTraceElement> stack) {
        /// Copies.
        public PlatformThread {
            stack = List.copyOf(stack);
        }
    }

    /// Copies.
    public Dump {
        threads = List.copyOf(threads);
        platform = List.copyOf(platform);
    }

    /// Takes one of up to [#THREADS] threads and [#FRAMES] frames. Does not block.
    public static Dump take() {
        return take(THREADS, FRAMES);
    }

    /// Takes one. Does not block.
    ///
    /// @param threads how many at most, 1 to 100,000
    /// @param frames of each stack at most, 0 to 1,000
    /// @throws IllegalArgumentException if there are fewer or more
    public static Dump take(int threads, int frames) {
        if (threads < 1 || threads > 100_000) {
            throw new IllegalArgumentException("a dump has 1 to 100000 threads, but was asked for " + threads);
        }
        if (frames < 0 || frames > 1_000) {
            throw new IllegalArgumentException("a dump has 0 to 1000 frames, but was asked for " + frames);
        }
        var taken = Snapshots.take(threads, frames);
        long total = taken.size() < threads
                ? taken.size()
                : Math.max(Snapshots.insight().count(), threads);
        return new Dump(Simulations.instant(), total, taken, platform(frames));
    }

    private static List<PlatformThread> platform(int frames) {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(entry -> isOurs(entry.getKey()))
                .map(entry -> new PlatformThread(
                        entry.getKey().getName(),
                        entry.getKey().getState(),
                        List.of(entry.getValue()).subList(0, Math.min(frames, entry.getValue().length))))
                .sorted(Comparator.comparing(PlatformThread::name))
                .toList();
    }

    static boolean isOurs(Thread thread) {
        return thread.getClass().getName().startsWith("dev.weir.runtime.")
                || thread.getName().equals("weir-deadlines");
    }

    /// As Go's `debug/pprof/goroutine?debug=1` shows them: threads with the same stack that wait
    /// for the same kind of thing together, the largest group first.
    public String text() {
        return DumpText.of(this);
    }

    /// As JSON: an object with `at`, `total`, `threads` and `platform`, whose members are called as
    /// the components of the records; durations are in milliseconds.
    public String json() {
        var json =
                new Json().open('{').key("at").text(at.toString()).key("total").raw(total);
        json.key("threads").open('[');
        threads.forEach(thread -> write(json, thread));
        json.close(']').key("platform").open('[');
        for (var thread : platform) {
            json.open('{').key("name").text(thread.name());
            json.key("state").text(thread.state().name());
            write(json, thread.stack());
            json.close('}');
        }
        return json.close(']').close('}').toString();
    }

    private static void write(Json json, ThreadSnapshot thread) {
        json.open('{').key("id").raw(thread.id()).key("name").text(thread.name());
        json.key("scheduler").text(thread.scheduler()).key("lane").text(thread.lane());
        json.key("startedAt")
                .text(thread.startedAt())
                .key("ageMillis")
                .raw(thread.age().toMillis());
        json.key("activity").text(thread.activity().toString()).key("timed").raw(thread.timed());
        json.key("crew").raw(thread.crew()).key("waitsOn").open('[');
        for (var what : thread.waitsOn()) {
            json.open('{')
                    .key("awaited")
                    .text(what.awaited().toString())
                    .key("id")
                    .raw(what.id());
            json.key("what").text(what.what()).key("length").raw(what.length());
            json.key("capacity").raw(what.capacity()).key("moved").raw(what.moved());
            json.key("lastUser")
                    .raw(what.lastUser())
                    .key("crew")
                    .raw(what.crew())
                    .close('}');
        }
        json.close(']').key("waitedMillis").raw(millis(thread.waited()));
        json.key("exact").raw(thread.exact());
        write(json, thread.stack());
        json.close('}');
    }

    private static long millis(Duration duration) {
        return duration.toMillis();
    }

    private static void write(Json json, List<StackTraceElement> stack) {
        json.key("stack").open('[');
        stack.forEach(frame -> json.text(frame.toString()));
        json.close(']');
    }
}
