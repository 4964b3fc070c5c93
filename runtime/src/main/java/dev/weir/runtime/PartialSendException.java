package dev.weir.runtime;

/// Thrown by `sendAll` when it ends after it has sent some of its elements, but not all. The
/// elements before [#sent()] in the order of the collection are sent, those from there on are not.
/// The cause says what ended it: a [SendOnClosedException], a [ContextException], or an
/// [InterruptedException], in which case the thread's interrupt status is set again.
public final class PartialSendException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int sent;

    PartialSendException(Object channel, Batch batch, Exception cause) {
        super(
                "sent " + batch.sent() + " of " + batch.size() + " elements on " + channel + ", then: "
                        + cause.getMessage(),
                cause);
        this.sent = batch.sent();
    }

    /// How many elements were sent; at least 1, since without any the cause itself is thrown.
    public int sent() {
        return sent;
    }
}
