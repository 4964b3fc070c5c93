package dev.weir.engine.size;

/// How what waits is divided over the workers.
public enum Queueing {
    /// One queue that every worker takes from.
    SHARED("shared"),
    /// A queue for each worker; all readings of a device go through the same one.
    BY_DEVICE("device");

    private final String word;

    Queueing(String word) {
        this.word = word;
    }

    /// The word for the command line.
    public String word() {
        return word;
    }
}
