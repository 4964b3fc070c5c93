package dev.weir.journal;

/// A record that was read.
public final class Entry {
    private final long sequence;
    private final int epoch;
    private final byte[] payload;

    Entry(long sequence, int epoch, byte[] payload) {
        this.sequence = sequence;
        this.epoch = epoch;
        this.payload = payload;
    }

    /// Its number: each record has one more than that before it, but for records that failed to
    /// become durable, whose numbers nobody has.
    public long sequence() {
        return sequence;
    }

    /// How often the journal had been opened to be written when the record was appended, from 1.
    /// The pair of epoch and sequence is never used twice.
    public int epoch() {
        return epoch;
    }

    /// What was appended; the caller's.
    public byte[] payload() {
        return payload;
    }
}
