package dev.weir.connect.http;

import dev.weir.engine.Inlet;
import dev.weir.engine.Message;
import dev.weir.engine.Receipt;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Hands a batch over, message by message, and waits until each is acknowledged as far as `ack:`
/// says. An element that is wrong by itself does not keep the others out, since sending the batch
/// again would not help it; one for which there is no room does, since it would.
final class HandOver {
    private final Inlet inlet;
    private final Duration patience;
    private final Duration timeout;

    /// @param patience how long a message waits for room
    /// @param timeout how long to wait for acknowledgements
    HandOver(Inlet inlet, Duration patience, Duration timeout) {
        this.inlet = inlet;
        this.patience = patience;
        this.timeout = timeout;
    }

    /// Hands over what is left of a batch. Blocks for both times at most.
    ///
    /// @throws InterruptedException if the source is closed; `progress` says how far it came
    void run(Batch batch, Caller caller, Progress progress) throws InterruptedException {
        Receipts receipts = new Receipts(progress.next(), batch.size() - progress.next());
        @Nullable Refusal[] refused = new @Nullable Refusal[batch.size() - progress.next()];
        int first = progress.next();
        int end = first;
        try {
            while (end < batch.size() && !isOver(batch, receipts)) {
                refused[end - first] = offer(batch, end, caller, receipts);
                end++;
            }
            receipts.await(timeout);
        } finally {
            settle(batch, progress, receipts, refused, first, end);
        }
    }

    private static boolean isOver(Batch batch, Receipts receipts) {
        return receipts.isOverloaded() || (batch.hasOneAddress() && receipts.isUnmatched());
    }

    private @Nullable Refusal offer(Batch batch, int index, Caller caller, Receipts receipts)
            throws InterruptedException {
        Message message;
        try {
            message = batch.message(index);
        } catch (Refusal e) {
            inlet.rejected(e.reason);
            return e;
        }
        if (!caller.mayPublish(message.address())) {
            inlet.rejected("not-authorized");
            return new Refusal(403, "not-authorized", caller.identity().name() + " may not send to this address");
        }
        Inlet.Ack ack = receipts.expect(index);
        try {
            inlet.accept(message, ack, patience);
            return null;
        } catch (InterruptedException e) {
            receipts.withdraw();
            throw e;
        }
    }

    private static void settle(
            Batch batch, Progress progress, Receipts receipts, @Nullable Refusal[] refused, int first, int end) {
        for (int i = first; i < end; i++) {
            Refusal refusal = refused[i - first];
            if (refusal != null) {
                progress.reject(refusal.reason, refusal.detail());
                continue;
            }
            switch (receipts.of(i)) {
                case null -> {
                    return;
                }
                case Receipt.Overloaded _ -> {
                    return;
                }
                case Receipt.Accepted _ -> progress.accept();
                case Receipt.Undecodable(String reason, String detail) -> progress.reject(reason, detail);
                case Receipt.Unmatched _ -> {
                    if (batch.hasOneAddress()) {
                        progress.unmatched();
                        return;
                    }
                    progress.reject("unmatched", "no pipeline wants this address");
                }
            }
        }
    }
}
