package dev.weir.connect.http;

/// The numbers of lines, which are only asked for when something is wrong with one.
final class Lines {
    private Lines() {}

    /// The number of the line at a place in a body, from 1.
    static int number(Body body, int at) {
        int number = 1;
        for (int i = 0; i < at; i++) {
            if (body.bytes()[i] == '\n') {
                number++;
            }
        }
        return number;
    }
}
