package dev.weir.runtime;

import java.util.Collection;

/// The elements of one `sendAll` and how far it has come: it stands in the place of an element
/// where its sender waits, so that receivers take one after the other without waking the sender
/// for each.
final class Batch {
    // set once
    private final Object[] elements;

    // written under the lock of the channel; the sender reads it when it waits there no more
    private int sent;

    private Batch(Object[] elements) {
        this.elements = elements;
    }

    /// Copies the elements, because the collection is the caller's code and the channel's lock is
    /// held when they are taken.
    static Batch of(Collection<?> collection) {
        var elements = collection.toArray();
        for (int i = 0; i < elements.length; i++) {
            if (elements[i] == null) {
                throw new NullPointerException(
                        "element " + i + " of the " + elements.length + " to send is null; none was sent");
            }
        }
        return new Batch(elements);
    }

    boolean isSent() {
        return sent == elements.length;
    }

    int left() {
        return elements.length - sent;
    }

    /// The element to be taken next; there must be one.
    Object head() {
        return elements[sent];
    }

    void advance() {
        sent++;
    }

    /// The head, which is gone from the batch then.
    Object take() {
        return elements[sent++];
    }

    /// Undoes the last [#take()].
    void putBack() {
        sent--;
    }

    int sent() {
        return sent;
    }

    int size() {
        return elements.length;
    }
}
