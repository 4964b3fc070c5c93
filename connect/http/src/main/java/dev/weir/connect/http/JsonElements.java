package dev.weir.connect.http;

/// Finds the objects in a JSON list by counting brackets outside of texts. What is inside of an
/// object is for the decoder to judge, which reads it once.
final class JsonElements {
    private final byte[] bytes;
    private final int length;
    private int at;

    private JsonElements(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
    }

    /// An object, or a list of objects.
    ///
    /// @throws Refusal if it is neither, as far as brackets and commas say
    static void scan(byte[] bytes, int length, Elements.Sink sink) throws Refusal {
        new JsonElements(bytes, length).scan(sink);
    }

    private void scan(Elements.Sink sink) throws Refusal {
        skipMark();
        skipBlanks();
        if (at == length) {
            throw Refusal.malformed("the body is empty");
        }
        if (bytes[at] == '{') {
            sink.add(at, length);
        } else if (bytes[at] == '[') {
            list(sink);
        } else {
            throw Refusal.malformed("the body must be a JSON object or a list of objects");
        }
    }

    private void list(Elements.Sink sink) throws Refusal {
        at++;
        skipBlanks();
        if (at < length && bytes[at] == ']') {
            at++;
            end();
            return;
        }
        for (int element = 0; ; element++) {
            if (at == length || bytes[at] != '{') {
                throw Refusal.malformed("element " + element + " of the list must be an object");
            }
            int from = at;
            object(element);
            sink.add(from, at);
            skipBlanks();
            if (at == length || (bytes[at] != ',' && bytes[at] != ']')) {
                throw Refusal.malformed("behind element " + element + " of the list there must be ',' or ']'");
            }
            if (bytes[at++] == ']') {
                end();
                return;
            }
            skipBlanks();
        }
    }

    private void end() throws Refusal {
        skipBlanks();
        if (at != length) {
            throw Refusal.malformed("the body goes on behind the list");
        }
    }

    /// Goes behind an object.
    private void object(int element) throws Refusal {
        int depth = 0;
        for (; at < length; at++) {
            switch (bytes[at]) {
                case '{', '[' -> depth++;
                case '}', ']' -> {
                    if (--depth == 0) {
                        at++;
                        return;
                    }
                }
                case '"' -> text();
                default -> {}
            }
        }
        throw Refusal.malformed("element " + element + " of the list is not closed");
    }

    /// Goes to the closing quote of a text.
    private void text() {
        for (at++; at < length && bytes[at] != '"'; at++) {
            if (bytes[at] == '\\') {
                at++;
            }
        }
    }

    private void skipMark() {
        if (length >= 3 && bytes[0] == (byte) 0xef && bytes[1] == (byte) 0xbb && bytes[2] == (byte) 0xbf) {
            at = 3;
        }
    }

    private void skipBlanks() {
        while (at < length && Elements.isBlank(bytes[at])) {
            at++;
        }
    }
}
