package dev.weir.runtime.inspect;

import java.util.Locale;

/// What a thread does.
public enum Activity {
    /// It runs on a carrier.
    RUNNING,
    /// It could run, and waits for its turn.
    RUNNABLE,
    /// It waits for something other than time.
    WAITING,
    /// It waits for time to pass.
    SLEEPING,
    /// It has ended.
    ENDED;

    /// In lower case, as dumps name it.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
