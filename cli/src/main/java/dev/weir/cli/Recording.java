package dev.weir.cli;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A file of readings, read row by row: CSV with a header line, or JSON lines. Not thread-safe.
final class Recording implements Closeable {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final String file;
    private final BufferedReader lines;
    private final List<String> columns;
    private long line;

    private Recording(String file, BufferedReader lines, List<String> columns, long line) {
        this.file = file;
        this.lines = lines;
        this.columns = columns;
        this.line = line;
    }

    /// One row.
    ///
    /// @param values each column as text, in the order of the file; of a JSON line its raw values
    /// @param json the row as a JSON object
    record Row(Map<String, String> values, String json) {}

    /// @throws IOException if the file cannot be read or has no usable first line
    static Recording open(Path file) throws IOException {
        return open(file.toString(), isJsonLines(file), Files.newInputStream(file));
    }

    /// Reads what has no file name: JSON lines if the first one begins with a brace, else CSV.
    ///
    /// @param in closed with the recording
    /// @param name what to call it in messages
    /// @throws IOException if it cannot be read or has no usable first line
    static Recording read(InputStream in, String name) throws IOException {
        return open(name, false, in);
    }

    private static Recording open(String name, boolean jsonLines, InputStream in) throws IOException {
        // A decoder, unlike a charset, reports bytes that are no UTF-8 instead of replacing them.
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
        try {
            skipByteOrderMark(lines);
            if (jsonLines || startsWithBrace(lines)) {
                return new Recording(name, lines, List.of(), 0);
            }
            String header = lines.readLine();
            if (header == null) {
                throw new IOException(name + " is empty: expected a CSV header line");
            }
            List<String> columns = CsvLine.split(header);
            if (columns.stream().anyMatch(String::isBlank)) {
                throw new IOException(name + ":1: expected a header line with the names of all columns");
            }
            if (Set.copyOf(columns).size() < columns.size()) {
                throw new IOException(name + ":1: two columns have the same name: " + String.join(", ", columns));
            }
            return new Recording(name, lines, columns, 1);
        } catch (CharacterCodingException e) {
            lines.close();
            throw new IOException(name + " is not UTF-8", e);
        } catch (IOException | RuntimeException e) {
            lines.close();
            throw e;
        }
    }

    /// Spreadsheets write one.
    private static void skipByteOrderMark(BufferedReader lines) throws IOException {
        lines.mark(1);
        if (lines.read() != BYTE_ORDER_MARK) {
            lines.reset();
        }
    }

    private static boolean startsWithBrace(BufferedReader lines) throws IOException {
        lines.mark(1);
        int first = lines.read();
        lines.reset();
        return first == '{';
    }

    private static boolean isJsonLines(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json");
    }

    /// The next row, or null at the end.
    ///
    /// @throws IOException if the row is malformed; the message has file and line
    @Nullable
    Row next() throws IOException {
        String text;
        do {
            try {
                text = lines.readLine();
            } catch (CharacterCodingException e) {
                throw new IOException(file + " is not UTF-8, somewhere after line " + line, e);
            }
            line++;
            if (text == null) {
                return null;
            }
        } while (text.isBlank());
        return columns.isEmpty() ? jsonRow(text) : csvRow(text);
    }

    private Row csvRow(String text) throws IOException {
        List<String> cells = CsvLine.split(text);
        if (cells.size() != columns.size()) {
            throw new IOException(
                    place() + ": " + cells.size() + " values where the header has " + columns.size() + " columns");
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < cells.size(); i++) {
            values.put(columns.get(i), cells.get(i));
        }
        return new Row(values, JsonRow.write(values));
    }

    private Row jsonRow(String text) throws IOException {
        try {
            return new Row(JsonRow.read(text), text);
        } catch (IllegalArgumentException e) {
            throw new IOException(place() + ": " + e.getMessage());
        }
    }

    /// The time in a column: ISO-8601 or epoch milliseconds.
    ///
    /// @throws IOException if the row has no such column or it holds no time
    Instant time(Row row, String column) throws IOException {
        String text = row.values().get(column);
        if (text == null) {
            throw new IOException(place() + ": no column '" + column + "'; there are "
                    + row.values().keySet());
        }
        try {
            return text.chars().allMatch(Character::isDigit)
                    ? Instant.ofEpochMilli(Long.parseLong(text))
                    : Instant.parse(text);
        } catch (DateTimeParseException | NumberFormatException e) {
            throw new IOException(place() + ": '" + text + "' in column '" + column
                    + "' is no time: expected ISO-8601 such as 2026-01-31T12:00:00Z, or epoch milliseconds");
        }
    }

    /// Where the last row stands, for messages.
    String place() {
        return file + ":" + line;
    }

    /// Reads the rest, at most `limit` rows.
    ///
    /// @throws IOException if there are more
    List<Row> rest(int limit) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (Row row = next(); row != null; row = next()) {
            if (rows.size() == limit) {
                throw new IOException(file + " has more than " + limit + " rows");
            }
            rows.add(row);
        }
        return rows;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
