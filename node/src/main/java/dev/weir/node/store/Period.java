package dev.weir.node.store;

/// One table: the readings of a stream in a stretch of time. For the writing thread only.
final class Period {
    final String table;

    /// Whether the stretch is of arrival and not of event time, because they were far apart.
    final boolean late;

    /// Nanoseconds since 1970, the first one that belongs to it.
    final long start;

    /// Nanoseconds since 1970, the first one that does not.
    final long finish;

    /// How many of the stream's fields have a column here.
    int columns;

    Period(String table, boolean late, long start, long finish, int columns) {
        this.table = table;
        this.late = late;
        this.start = start;
        this.finish = finish;
        this.columns = columns;
    }
}
