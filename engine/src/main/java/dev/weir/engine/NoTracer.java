package dev.weir.engine;

import org.jspecify.annotations.Nullable;

/// Follows nothing.
enum NoTracer implements Tracer {
    INSTANCE;

    @Override
    public boolean follows(String device, long sequence, @Nullable String parent) {
        return false;
    }

    @Override
    public @Nullable Span begin(String source, String address, @Nullable String parent, long since) {
        return null;
    }
}
