package dev.weir.runtime;

import java.util.Objects;
import java.util.function.BooleanSupplier;

/// What the stress tests do with channels, in words that they can compare.
final class Tries {
    /// What is sent: the value is a plain field, so that it shows whether a hand-off publishes.
    static final class Parcel {
        int value;

        Parcel(int value) {
            this.value = value;
        }
    }

    /// Something that waits.
    interface Wait<T> {
        T get() throws InterruptedException;
    }

    private Tries() {}

    /// An actor may throw nothing that is checked, and nobody interrupts it here.
    static <T> T uninterrupted(Wait<T> wait) {
        try {
            return wait.get();
        } catch (InterruptedException interrupted) {
            throw new AssertionError("nobody has interrupted it", interrupted);
        }
    }

    static String send(Channel<Parcel> channel, int value) {
        try {
            return channel.trySend(new Parcel(value)) ? "sent" : "refused";
        } catch (SendOnClosedException closed) {
            return "closed";
        }
    }

    /// Tries until the element is taken or there is nobody left who could take it.
    static String sendUntil(BooleanSupplier over, Channel<Parcel> channel, int value) {
        String outcome = "refused";
        while (outcome.equals("refused") && !over.getAsBoolean()) {
            outcome = send(channel, value);
            Thread.onSpinWait();
        }
        return outcome;
    }

    static String receive(Channel<Parcel> channel) {
        try {
            var received = channel.tryReceive();
            return received == null ? "nothing" : Integer.toString(received.value);
        } catch (ReceiveOnClosedException closed) {
            return "end";
        }
    }

    static String await(Channel<Parcel> channel) {
        try {
            return Integer.toString(Objects.requireNonNull(channel.receive()).value);
        } catch (ReceiveOnClosedException closed) {
            return "end";
        } catch (InterruptedException interrupted) {
            return "interrupted";
        }
    }
}
