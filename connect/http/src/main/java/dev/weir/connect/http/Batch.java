package dev.weir.connect.http;

import dev.weir.engine.Message;

/// The messages in a body.
interface Batch {
    /// How many messages.
    int size();

    /// The message of that index. Valid as long as the body is.
    ///
    /// @throws Refusal if that message cannot be handed over for a reason of its own
    Message message(int index) throws Refusal;

    /// Whether all go to one address.
    boolean hasOneAddress();

    /// What the elements are for people: `line`, `element`.
    String unit();

    /// Which one that is, for people.
    int number(int index);
}
