package dev.weir.engine.decode;

import java.util.List;

/// Takes CSV apart as RFC 4180 has it: values in quotes may hold the delimiter, line ends and
/// doubled quotes. Line ends are CRLF, LF or CR; empty lines are skipped. For one thread.
final class CsvLines {
    static final int MAX_COLUMNS = 1024;

    private final String text;
    private final char delimiter;
    private int at;
    private int line = 1;
    private int begun = 1;

    CsvLines(String text, char delimiter) {
        this.text = text;
        this.delimiter = delimiter;
        // The byte order mark that spreadsheets write.
        this.at = !text.isEmpty() && text.charAt(0) == '\uFEFF' ? 1 : 0;
    }

    /// The number of the line that the last record began in, from 1.
    int line() {
        return begun;
    }

    /// Reads the next record into `values`, or returns false at the end.
    boolean next(List<String> values) throws DecodeException {
        values.clear();
        while (at < text.length() && isLineEnd(text.charAt(at))) {
            skipLineEnd();
        }
        if (at == text.length()) {
            return false;
        }
        begun = line;
        while (true) {
            if (values.size() == MAX_COLUMNS) {
                throw Fault.tooLarge("line " + line + " has more than " + MAX_COLUMNS + " columns");
            }
            values.add(at < text.length() && text.charAt(at) == '"' ? quoted() : plain());
            if (at == text.length()) {
                return true;
            }
            if (text.charAt(at) == delimiter) {
                at++;
            } else {
                skipLineEnd();
                return true;
            }
        }
    }

    private String plain() {
        int start = at;
        while (at < text.length() && text.charAt(at) != delimiter && !isLineEnd(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at).strip();
    }

    private String quoted() throws DecodeException {
        StringBuilder value = new StringBuilder();
        at++;
        while (true) {
            int quote = text.indexOf('"', at);
            if (quote < 0) {
                throw Fault.malformed("line " + begun + " has a quote that is not closed");
            }
            countLines(quote);
            value.append(text, at, quote);
            at = quote + 1;
            if (at < text.length() && text.charAt(at) == '"') {
                value.append('"');
                at++;
            } else {
                break;
            }
        }
        if (at < text.length() && text.charAt(at) != delimiter && !isLineEnd(text.charAt(at))) {
            throw Fault.malformed("line " + line + " has something behind a closing quote");
        }
        return value.toString();
    }

    private void countLines(int until) {
        for (int i = at; i < until; i++) {
            if (text.charAt(i) == '\n') {
                line++;
            }
        }
    }

    private void skipLineEnd() {
        if (text.charAt(at) == '\r' && at + 1 < text.length() && text.charAt(at + 1) == '\n') {
            at++;
        }
        at++;
        line++;
    }

    private static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }
}
