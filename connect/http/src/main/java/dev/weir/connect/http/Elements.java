package dev.weir.connect.http;

/// Where the parts of a body begin and end. Filled in two passes over the body, of which the first
/// only counts, so that memory is taken for as many as there are.
final class Elements {
    /// How many messages one request may have.
    static final int MOST = 20_000;

    /// What an element costs beside its bytes, until it is acknowledged.
    static final int BYTES_EACH = 64;

    private final Body body;
    private final int[] starts;
    private final int[] ends;
    private int size;

    /// The line that was asked for last, and where it begins or goes on.
    private int line = 1;

    private int lineAt;

    private Elements(Body body, int size) {
        this.body = body;
        this.starts = new int[size];
        this.ends = new int[size];
    }

    /// Told of each part, in order.
    @FunctionalInterface
    interface Sink {
        void add(int from, int to) throws Refusal;
    }

    /// Finds the parts of a body. Finds the same each time.
    @FunctionalInterface
    interface Scanner {
        void scan(byte[] bytes, int length, Sink sink) throws Refusal;
    }

    /// Splits a body.
    ///
    /// @throws Refusal if it cannot be split, has more than [#MOST] parts, or there is no memory
    static Elements split(Body body, Scanner scanner) throws Refusal {
        int[] count = new int[1];
        scanner.scan(body.bytes(), body.length(), (_, _) -> {
            if (++count[0] > MOST) {
                throw Refusal.tooLarge("the body has more than " + MOST + " readings: send fewer at a time");
            }
        });
        body.take((long) count[0] * BYTES_EACH);
        Elements elements = new Elements(body, count[0]);
        scanner.scan(body.bytes(), body.length(), elements::add);
        return elements;
    }

    private void add(int from, int to) {
        starts[size] = from;
        ends[size] = to;
        size++;
    }

    int size() {
        return size;
    }

    int start(int index) {
        return starts[index];
    }

    int end(int index) {
        return ends[index];
    }

    /// The number of the line in which a part begins, from 1. Only asked for when something is
    /// wrong with one; who asks in order has the body read once.
    int line(int index) {
        if (starts[index] < lineAt) {
            line = 1;
            lineAt = 0;
        }
        for (; lineAt < starts[index]; lineAt++) {
            if (body.bytes()[lineAt] == '\n') {
                line++;
            }
        }
        return line;
    }

    /// The body as it is.
    static void whole(byte[] bytes, int length, Sink sink) throws Refusal {
        if (length == 0) {
            throw Refusal.malformed("the body is empty");
        }
        sink.add(0, length);
    }

    /// Lines that are not blank, without their ends.
    static void lines(byte[] bytes, int length, Sink sink) throws Refusal {
        int at = 0;
        while (at < length) {
            int end = at;
            while (end < length && bytes[end] != '\n') {
                end++;
            }
            int from = at;
            int to = end;
            while (from < to && isBlank(bytes[from])) {
                from++;
            }
            while (to > from && isBlank(bytes[to - 1])) {
                to--;
            }
            if (from < to) {
                sink.add(from, to);
            }
            at = end + 1;
        }
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }
}
