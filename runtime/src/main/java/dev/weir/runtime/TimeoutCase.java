package dev.weir.runtime;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The case that is chosen when no operation could proceed in time.
record TimeoutCase<R extends @Nullable Object>(Duration timeout, Select.Reply<? extends R> onTimeout)
        implements Case<R> {}
