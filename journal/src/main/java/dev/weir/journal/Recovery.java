package dev.weir.journal;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What was found when a journal was opened.
///
/// @param last the last record
/// @param cutRecords how many whole records were cut off that had never become durable
/// @param cutBytes how many bytes that was, with what was not whole
/// @param corrupt places of the newest segment that are corrupt although they had been forced;
///     records behind them are there
/// @param cursors where cursors are
public record Recovery(
        long last, long cutRecords, long cutBytes, List<CorruptException> corrupt, Map<String, Long> cursors) {

    /// Reads the newest segment and cuts off what does not count.
    static Recovery of(Segments segments) throws IOException {
        Segments.Known newest = segments.newest();
        if (newest == null) {
            return new Recovery(0, 0, 0, List.of(), Map.of());
        }
        Tail tail = Tail.read(newest.file());
        tail.cut(newest.file());
        // Behind the header there are cursors, always, unless they are corrupt.
        @Nullable Map<String, Long> cursors = tail.cursors();
        List<Segments.Known> all = segments.all();
        for (int i = all.size() - 2; cursors == null && i >= 0; i--) {
            cursors = Tail.read(all.get(i).file()).cursors();
        }
        return new Recovery(
                Math.max(tail.last(), newest.header().before()),
                tail.cutRecords(),
                tail.cutBytes(),
                tail.corrupt(),
                cursors == null ? Map.of() : cursors);
    }
}
