package dev.weir.runtime;

import org.jspecify.annotations.Nullable;

/// The case that is chosen when no operation can proceed at once.
record DefaultCase<R extends @Nullable Object>(Select.Reply<? extends R> otherwise) implements Case<R> {}
