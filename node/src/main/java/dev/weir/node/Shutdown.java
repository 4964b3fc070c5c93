package dev.weir.node;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a node has opened, and how it is closed again: level by level, and within a level the last
/// opened first. Much of it is foreign code that may block for ever, so each part is closed in a
/// thread of its own, which is waited for, then interrupted, and then left to itself and named:
/// what is behind it is closed all the same.
///
/// The threads are the platform's: where stages spin on the JDK's scheduler no virtual one might
/// get its turn. Only for the thread that opens and closes the node.
final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger("node");

    /// How long one that was interrupted may take to end.
    private static final Duration GRACE = Duration.ofMillis(200);

    private final Map<Level, Deque<Part>> parts = new EnumMap<>(Level.class);
    private final List<Unstopped> left = new ArrayList<>();

    /// In the order in which they are closed.
    enum Level {
        /// Before the deadline begins: they have a time of their own.
        SOURCES(0),
        /// Drains: gets most of the time.
        FLOW(0.8),
        API(0.85),
        TRACING(0.9),
        STORE(1),
        /// All at the same time, since all of them are foreign code.
        ACTUATORS(1),
        METRICS(1);

        /// When it is to be over, as a share of the deadline.
        private final double share;

        Level(double share) {
            this.share = share;
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// How long parts may take beyond their level's share of the deadline.
    ///
    /// @param sources all of them together
    /// @param quick those that wait for nothing outside
    /// @param network those that wait for peers, or for threads of their own
    /// @param disk those that write
    record Times(Duration sources, Duration quick, Duration network, Duration disk) {
        /// A source takes some seconds to end its connections; an SD card to write.
        static Times standard() {
            return new Times(
                    Duration.ofSeconds(12), Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(10));
        }
    }

    /// Closes a part.
    @FunctionalInterface
    interface Closing {
        /// Closes it, and may block. Is interrupted when it takes too long.
        ///
        /// @param time how long it may take: what is left of its level's share of the deadline,
        ///     perhaps nothing
        /// @return the names of what did not end
        List<String> close(Duration time) throws IOException, InterruptedException;
    }

    /// @param spare how long it may take beyond its level's share: what it needs when all is well,
    ///     and has when those before it have used up the deadline
    private record Part(Level level, String name, Duration spare, Closing closing) {}

    /// The thread that closes a part.
    private static final class Closer {
        private final Part part;
        private final Thread thread;

        // written by the thread before it ends
        private List<String> unended = List.of();
        private @Nullable Throwable failure;

        Closer(Part part, Duration time) {
            this.part = part;
            this.thread =
                    Thread.ofPlatform().daemon().name("weir-close-" + part.name).start(() -> run(time));
        }

        private void run(Duration time) {
            try {
                unended = List.copyOf(part.closing.close(time));
            } catch (IOException | InterruptedException | RuntimeException | Error e) {
                failure = e;
            }
        }

        /// Waits for it, and insists.
        ///
        /// @return what to tell
        List<Unstopped> await(Duration time) throws InterruptedException {
            String level = part.level.word();
            if (!thread.join(time)) {
                String where = where(thread.getStackTrace());
                thread.interrupt();
                boolean ended = thread.join(GRACE);
                String why = "did not close within " + seconds(time) + where;
                return List.of(new Unstopped(level, part.name, ended ? why : why + "; it is left behind"));
            }
            Throwable thrown = failure;
            if (thrown != null) {
                return List.of(new Unstopped(level, part.name, "failed to close: " + thrown));
            }
            return unended.stream()
                    .map(name -> new Unstopped(level, name, "did not end"))
                    .toList();
        }

        private static String where(StackTraceElement[] stack) {
            return stack.length == 0 ? "" : ", in " + stack[0];
        }
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toNanos() / 1e9);
    }

    /// Adds what was opened.
    ///
    /// @param spare how long it may take beyond its share of the deadline
    void add(Level level, String name, Duration spare, Closing closing) {
        parts.computeIfAbsent(level, _ -> new ArrayDeque<>()).push(new Part(level, name, spare, closing));
    }

    /// Closes everything that was added and not closed yet.
    ///
    /// @param deadline for all but the sources, which come before it begins
    /// @return what did not end, that of earlier calls included
    /// @throws InterruptedException if interrupted; the rest is closed by the next call
    List<Unstopped> close(Duration deadline) throws InterruptedException {
        long nanos = Math.max(0, deadline.toNanos());
        long begin = System.nanoTime();
        for (Level level : Level.values()) {
            Deque<Part> all = parts.getOrDefault(level, new ArrayDeque<>());
            while (!all.isEmpty()) {
                long used = System.nanoTime() - begin;
                Duration time = Duration.ofNanos(Math.max(0, (long) (nanos * level.share) - used));
                if (level == Level.ACTUATORS) {
                    closeTogether(all, time);
                } else {
                    Part part = all.pop();
                    tell(new Closer(part, time).await(time.plus(part.spare)));
                }
            }
            if (level == Level.SOURCES) {
                begin = System.nanoTime();
            }
        }
        return List.copyOf(left);
    }

    private void closeTogether(Deque<Part> all, Duration time) throws InterruptedException {
        long begin = System.nanoTime();
        List<Closer> closers = new ArrayList<>();
        while (!all.isEmpty()) {
            closers.add(new Closer(all.pop(), time));
        }
        for (Closer closer : closers) {
            Duration rest = time.plus(closer.part.spare).minusNanos(System.nanoTime() - begin);
            tell(closer.await(rest.isNegative() ? Duration.ZERO : rest));
        }
    }

    private void tell(List<Unstopped> found) {
        left.addAll(found);
        for (Unstopped each : found) {
            LOG.atWarn()
                    .addKeyValue("level", each.level())
                    .addKeyValue("part", each.part())
                    .addKeyValue("why", each.why())
                    .log("did not stop in order");
        }
    }
}
