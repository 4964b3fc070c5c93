package dev.weir.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/// All cursors of a journal. Thread-safe.
///
/// As a record: the number of cursors as a short, and for each the length of its name as a short,
/// the name, and its position as a long.
final class Cursors {
    static final int MOST = 64;
    static final int RECORD_LIMIT = Short.BYTES + MOST * (2 * Short.BYTES + 100 + Long.BYTES);

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private final LongSupplier end;

    // guarded by this
    private final Map<String, Long> positions = new TreeMap<>();
    private boolean changed;

    /// @param end the last record that a cursor can be at
    Cursors(Map<String, Long> positions, LongSupplier end) {
        this.positions.putAll(positions);
        this.end = end;
    }

    /// @param first where a new one begins
    synchronized Cursor cursor(String name, long first) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a cursor's name has 1 to 100 letters, digits, dots, dashes and"
                    + " underscores, but this is '" + name + "'");
        }
        if (!positions.containsKey(name)) {
            if (positions.size() == MOST) {
                throw new IllegalStateException("a journal has " + MOST + " cursors at most; there is no room for '"
                        + name + "'; remove one that nobody uses");
            }
            positions.put(name, first - 1);
            changed = true;
        }
        return new Cursor(this, name);
    }

    synchronized long position(String name) {
        Long position = positions.get(name);
        if (position == null) {
            throw new IllegalStateException("cursor " + name + " was removed");
        }
        return position;
    }

    synchronized void advance(String name, long sequence) {
        if (sequence > end.getAsLong()) {
            throw new IllegalArgumentException(
                    "cursor " + name + " cannot be at " + sequence + ": the last record is " + end.getAsLong());
        }
        if (sequence > position(name)) {
            positions.put(name, sequence);
            changed = true;
        }
    }

    synchronized void remove(String name) {
        changed |= positions.remove(name) != null;
    }

    /// Where all of them are.
    synchronized Map<String, Long> positions() {
        return new LinkedHashMap<>(positions);
    }

    /// The record that the slowest has passed; the greatest number if there is no cursor.
    synchronized long slowest() {
        return positions.values().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
    }

    synchronized boolean hasChanged() {
        return changed;
    }

    /// All of them as a record, which is going to be written now.
    synchronized byte[] record() {
        changed = false;
        ByteBuffer bytes = ByteBuffer.allocate(RECORD_LIMIT);
        bytes.putShort((short) positions.size());
        positions.forEach((name, position) -> {
            byte[] word = name.getBytes(StandardCharsets.US_ASCII);
            bytes.putShort((short) word.length).put(word).putLong(position);
        });
        byte[] record = new byte[bytes.position()];
        bytes.flip().get(record);
        return record;
    }

    /// What was written could not be.
    synchronized void notWritten() {
        changed = true;
    }

    /// Positions from a record, whose checksum was right.
    ///
    /// @throws CorruptException if it is not one all the same
    static Map<String, Long> read(byte[] record, Path file, long offset, long sequence) throws CorruptException {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(record);
            Map<String, Long> positions = new TreeMap<>();
            for (int i = bytes.getShort(); i > 0; i--) {
                byte[] word = new byte[bytes.getShort()];
                bytes.get(word);
                positions.put(new String(word, StandardCharsets.US_ASCII), bytes.getLong());
            }
            return positions;
        } catch (java.nio.BufferUnderflowException | NegativeArraySizeException e) {
            throw new CorruptException(file, offset, sequence, "the cursors cannot be read: " + e);
        }
    }
}
