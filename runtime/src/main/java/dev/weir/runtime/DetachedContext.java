package dev.weir.runtime;

import java.time.Instant;
import java.util.Optional;

/// The values of its parent without the parent's end.
record DetachedContext(Context parent) implements Context {

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
        return parent.value(key);
    }

    @Override
    public String toString() {
        return parent + ".withoutCancel";
    }
}
