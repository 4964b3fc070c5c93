package dev.weir.engine.decode;

import dev.weir.engine.Message;
import dev.weir.engine.Reading;

/// Makes readings of a message. Immutable, or confined by itself: many threads decode at once.
@FunctionalInterface
public interface Decoder {
    /// Reads the payload and gives each reading in it to `out`, in order. A payload may hold
    /// several readings (an array, CSV lines, a SenML pack), at most [#MAX_READINGS].
    ///
    /// Readings already given stay valid if a later part of the payload turns out to be wrong.
    ///
    /// @throws DecodeException if the payload, or the rest of it, cannot be read
    void decode(Message message, Output out) throws DecodeException, InterruptedException;

    /// How many readings one message may hold.
    int MAX_READINGS = 10_000;

    /// Where a decoder gets empty readings and puts full ones.
    interface Output {
        /// An empty reading: the address's variables are set, its device is the address's
        /// `{device}` or empty, its time is the receive time. The decoder changes these where the
        /// config says so ([Reading#stamp]).
        Reading blank();

        /// Takes a full reading. Blocks while the pipeline has no room.
        void accept(Reading reading) throws InterruptedException;
    }
}
