package dev.weir.engine.flow;

import dev.weir.engine.Span;
import dev.weir.engine.Tracer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Follows every reading, with spans one of which fails once, as a library does of which a class is
/// missing: at a part of a certain name, or at its end.
final class FaultyTracer implements Tracer {
    private final String where;
    private final AtomicLong left;

    /// @param where the name of a part, or `end of` and that
    /// @param time the how manieth fails, from 1
    FaultyTracer(String where, long time) {
        this.where = where;
        this.left = new AtomicLong(time);
    }

    boolean hasFailed() {
        return left.get() <= 0;
    }

    @Override
    public boolean follows(String device, long sequence, @Nullable String parent) {
        return true;
    }

    @Override
    public Span begin(String source, String address, @Nullable String parent, long since) {
        return new Faulty("receive " + source);
    }

    private void come(String name) {
        if (name.equals(where) && left.decrementAndGet() == 0) {
            throw new NoClassDefFoundError("made up: " + name);
        }
    }

    private final class Faulty implements Span {
        private final String name;

        Faulty(String name) {
            this.name = name;
        }

        @Override
        public String traceId() {
            return "0af7651916cd43dd8448eb211c80319c";
        }

        @Override
        public String traceparent() {
            return "00-" + traceId() + "-b7ad6b7169203331-01";
        }

        @Override
        public Span part(String part) {
            come(part);
            return new Faulty(part);
        }

        @Override
        public Span partSinceMark(String part) {
            return part(part);
        }

        @Override
        public void mark() {}

        @Override
        public Span with(String key, String value) {
            return this;
        }

        @Override
        public Span with(String key, long value) {
            return this;
        }

        @Override
        public Span failed(String reason) {
            return this;
        }

        @Override
        public void end() {
            come("end of " + name);
        }
    }
}
