package dev.weir.journal;

import java.util.Map;
import java.util.Optional;

/// What a journal has and has done.
///
/// @param first the first record that there is
/// @param last the last record that is durable; less than `first` if there is none
/// @param segments how many files
/// @param fileBytes their sizes together
/// @param records how many became durable since it was opened
/// @param bytes how many bytes they took, with headers
/// @param commits how many batches they came in
/// @param forces how often the disk was told to keep them
/// @param forceNanos how long that took in all
/// @param cursors where each cursor is
/// @param trouble why nothing can be written; empty if all is well
public record JournalStats(
        long first,
        long last,
        int segments,
        long fileBytes,
        long records,
        long bytes,
        long commits,
        long forces,
        long forceNanos,
        Map<String, Long> cursors,
        Optional<String> trouble) {}
