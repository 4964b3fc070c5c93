package dev.weir.runtime;

import java.time.Instant;
import java.util.Optional;

/// Its parent with one more value; an empty one hides the parent's.
record ValueContext(Context parent, Key<?> key, Optional<?> bound) implements Context {

    @Override
    public ReceiveChannel<Void> done() {
        return parent.done();
    }

    @Override
    public Optional<ContextException> err() {
        return parent.err();
    }

    @Override
    public Optional<Throwable> cause() {
        return parent.cause();
    }

    @Override
    public Optional<Instant> deadline() {
        return parent.deadline();
    }

    @Override
    @SuppressWarnings("unchecked") // withValue takes a key and a value of the same type
    public <T> Optional<T> value(Key<T> wanted) {
        return wanted == key ? (Optional<T>) bound : parent.value(wanted);
    }

    @Override
    public String toString() {
        return parent + ".withValue(" + key + ")";
    }
}
