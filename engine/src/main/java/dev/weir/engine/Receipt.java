package dev.weir.engine;

/// What became of a message at the door, so that the source can tell the device.
public sealed interface Receipt {
    /// The node has taken responsibility as far as the source's `ack:` promises.
    record Accepted() implements Receipt {}

    /// No pipeline wants this address.
    record Unmatched() implements Receipt {}

    /// The node has it, but it cannot become a reading and is kept as a dead letter.
    ///
    /// @param reason the counted reason: `decode`, `too-large`, …
    /// @param detail what is wrong with it, for the device's developer
    record Undecodable(String reason, String detail) implements Receipt {}

    /// The queues stayed full for as long as the source was willing to wait; nothing was taken.
    record Overloaded() implements Receipt {}

    Receipt ACCEPTED = new Accepted();
    Receipt UNMATCHED = new Unmatched();
    Receipt OVERLOADED = new Overloaded();
}
