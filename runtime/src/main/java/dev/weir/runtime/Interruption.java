package dev.weir.runtime;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Interrupts a thread when a context ends while it runs a body of code, and takes the interrupt
/// back when the body has not used it up.
///
/// One word decides between the end of the body and the interrupt. If the interrupt was first, the
/// thread waits until it has arrived before it clears it: it cannot come late and hit what the
/// thread does next. Interrupts are not counted, so clearing may also remove the one of an
/// enclosing body; that one is then repeated.
final class Interruption {

    private enum State {
        /// The body runs, and was not interrupted.
        RUNNING,
        /// The context has ended; the interrupt is on its way.
        INTERRUPTING,
        /// The thread was interrupted.
        INTERRUPTED,
        /// The body ended first.
        OVER
    }

    /// That of the innermost body which the thread runs.
    private static final ThreadLocal<@Nullable Interruption> CURRENT = new ThreadLocal<>();

    private final Thread thread = Thread.currentThread();
    private final @Nullable Interruption enclosing = CURRENT.get();
    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);

    private Interruption() {}

    /// Runs the body; see [Context#interrupting(Context.Body)].
    static <T extends @Nullable Object, X extends Exception> T run(Context context, Context.Body<T, X> body)
            throws X, InterruptedException {
        context.throwIfDone();
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before a body that ends with " + context);
        }
        var interruption = new Interruption();
        var atTheEnd = context.afterFunc(interruption::strike);
        CURRENT.set(interruption);
        boolean struck = false;
        Exception failure;
        try {
            return body.run();
        } catch (ContextException ended) {
            throw ended;
        } catch (Exception thrown) {
            failure = thrown;
            struck = interruption.end();
            if (!struck) {
                throw thrown;
            }
        } finally {
            if (!struck) {
                interruption.end();
            }
            atTheEnd.stop();
        }
        var ended = context.err().orElseThrow().thrownBecauseOf(context.cause().orElseThrow());
        ended.addSuppressed(failure);
        throw ended;
    }

    /// The context has ended. Runs in a thread of its own: an interrupt may close a channel, which
    /// may block.
    private void strike() {
        if (state.compareAndSet(State.RUNNING, State.INTERRUPTING)) {
            thread.interrupt();
            state.set(State.INTERRUPTED);
            LockSupport.unpark(thread);
        }
    }

    /// The body has ended. Returns whether it was interrupted from here.
    private boolean end() {
        restoreEnclosing();
        if (state.compareAndSet(State.RUNNING, State.OVER) || state.get() == State.OVER) {
            return false;
        }
        while (state.get() == State.INTERRUPTING) {
            Thread.interrupted(); // or it would not sleep
            LockSupport.park(this);
        }
        Thread.interrupted();
        for (var outer = enclosing; outer != null; outer = outer.enclosing) {
            if (outer.state.get() != State.RUNNING) {
                thread.interrupt();
            }
        }
        return true;
    }

    private void restoreEnclosing() {
        if (enclosing == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(enclosing);
        }
    }
}
