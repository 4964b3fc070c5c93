package dev.weir.runtime;

import java.time.Instant;
import java.util.Optional;

/// The root of all contexts.
enum BackgroundContext implements Context {
    INSTANCE;

    @Override
    public ReceiveChannel<Void> done() {
        return Channel.never();
    }

    @Override
    public Optional<ContextException> err() {
        return Optional.empty();
    }

    @Override
    public Optional<Throwable> cause() {
        return Optional.empty();
    }

    @Override
    public Optional<Instant> deadline() {
        return Optional.empty();
    }

    @Override
    public <T> Optional<T> value(Key<T> key) {
        return Optional.empty();
    }

    @Override
    public String toString() {
        return "background";
    }
}
