package dev.weir.runtime.pattern;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.Outcome;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A question on its way to a [WorkerPool], and the place where its answer will be: what Go does
/// with a reply channel in the request.
///
/// {@snippet file="pattern/PatternExamplesTest.java" region="request"}
///
/// The pool answers every request that it has taken and does not do, because it drops it or is
/// closed, with a [RefusedException]: nobody waits for ever. Not for a question that the asker can
/// as well compute himself; it costs an object, a channel and two thread switches.
///
/// All methods may be called by any thread, [#await(Context)] by several. What the worker did
/// before it answered is visible to those who got the answer.
///
/// @param <Q> the type of the question
/// @param <A> the type of the answer
public final class Request<Q, A> {
    // set once
    private final Q question;
    private final Channel<Q> open = Channel.unbuffered(); // carries nothing; closed with the answer

    private final AtomicReference<@Nullable Outcome<A>> outcome = new AtomicReference<>();

    private Request(Q question) {
        this.question = Objects.requireNonNull(question, "question");
    }

    /// How a question is answered.
    ///
    /// @param <Q> the type of the question
    /// @param <A> the type of the answer
    @FunctionalInterface
    public interface Answering<Q, A> {
        /// Finds the answer; may block, for as long as the context is not done.
        A answer(Context context, Q question) throws Exception;
    }

    /// A request that nobody has answered yet.
    ///
    /// @param <Q> the type of the question
    /// @param <A> the type of the answer
    public static <Q, A> Request<Q, A> of(Q question) {
        return new Request<>(question);
    }

    /// The handler for a pool of requests. What `answering` throws is the answer, and counts as a
    /// failure of the pool too.
    ///
    /// @param <Q> the type of the questions
    /// @param <A> the type of the answers
    // Whatever it throws has to reach the one who waits, errors included.
    @SuppressWarnings("CatchingUnchecked")
    public static <Q, A> WorkerPool.Handler<Request<Q, A>> answeredBy(Answering<? super Q, ? extends A> answering) {
        Objects.requireNonNull(answering, "answering");
        return (context, request) -> {
            try {
                request.end(new Outcome.Success<>(answering.answer(context, request.question)));
            } catch (Throwable thrown) {
                request.fail(thrown);
                throw thrown;
            }
        };
    }

    /// What is asked.
    public Q question() {
        return question;
    }

    /// Waits for the answer.
    ///
    /// @return the answer, or what was thrown instead
    /// @throws dev.weir.runtime.ContextException if the context is done before; the request goes on
    /// @throws InterruptedException if the thread is interrupted while it waits; the request goes
    ///     on
    public Outcome<A> await(Context context) throws InterruptedException {
        // Returns 0 at the end of the channel, without the price of an exception.
        open.receiveUpTo(new ArrayList<>(1), 1, context);
        return Objects.requireNonNull(outcome.get(), "closed after the outcome is set");
    }

    /// The answer, or what was thrown instead, if that is known already.
    public Optional<Outcome<A>> outcome() {
        return Optional.ofNullable(outcome.get());
    }

    void fail(Throwable thrown) {
        end(new Outcome.Failure<>(thrown));
    }

    private void end(Outcome<A> end) {
        if (outcome.compareAndSet(null, end)) {
            open.close();
        }
    }

    @Override
    public String toString() {
        return "Request(" + question + ", " + (outcome.get() == null ? "open" : "answered") + ")";
    }
}
