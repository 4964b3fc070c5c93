package dev.weir.engine.flow;

import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.engine.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where readings go after the last stage: the rules that are `on:` this stream, the last values,
/// whoever watches live, the pipelines that are `from:` it, and the sinks.
///
/// A pipeline has one for its readings and one for each of its windows.
final class Stream {
    private final Schema schema;
    private final boolean window;
    private final Account account;
    private final FlowParts parts;
    private final RareLog log;

    // set before the first reading
    private Evaluator[] rules = {};
    private Outlet[] outlets = {};
    private final List<Feed> feeds = new ArrayList<>();

    Stream(Schema schema, boolean window, FlowParts parts, RareLog log) {
        this.schema = schema;
        this.window = window;
        this.parts = parts;
        this.log = log;
        this.account = new Account(parts.meters(), schema.stream());
    }

    /// Says where the readings go. Only before the first reading.
    void connect(List<Evaluator> evaluators, List<Outlet> sinks) {
        rules = evaluators.toArray(Evaluator[]::new);
        outlets = sinks.toArray(Outlet[]::new);
    }

    /// Adds a pipeline that is `from:` this stream. Only before the first reading.
    void feed(Pipeline pipeline) {
        feeds.add(new Feed(pipeline));
    }

    String name() {
        return schema.stream();
    }

    Schema schema() {
        return schema;
    }

    boolean isWindow() {
        return window;
    }

    Account account() {
        return account;
    }

    DeadLetters deadLetters() {
        return parts.deadLetters();
    }

    RareLog log() {
        return log;
    }

    /// Takes the result of a window in.
    void emit(Reading result, Halt halt) {
        account.accepted.increment();
        account.inHand.increment();
        try {
            Throwable objection = evaluate(result);
            if (objection == null) {
                deliver(result, halt);
            } else {
                refuse(result, objection);
            }
        } catch (Throwable e) {
            // Neither the stage's failure nor that of the reading that has closed the window.
            account.deadLettered.count(Account.ENGINE_ERROR);
            log.warn("the engine failed", name(), result, e);
            Fate.DEAD_LETTERED.of(result, Account.ENGINE_ERROR);
        } finally {
            account.inHand.decrement();
        }
    }

    /// Hands a reading to everybody but the rules, and accounts for it. Blocks while a pipeline or
    /// sink with `overflow: block` has no room, until `halt`.
    void deliver(Reading reading, Halt halt) {
        parts.latest().update(reading);
        parts.live().publish(reading);
        for (int i = 0; i < feeds.size(); i++) {
            if (!feeds.get(i).forward(reading, halt)) {
                account.dropped.count(Account.SHUTDOWN);
                Fate.DROPPED.of(reading, Account.SHUTDOWN);
                return;
            }
        }
        if (outlets.length == 0) {
            account.completed.increment();
            Fate.COMPLETED.of(reading);
            return;
        }
        Span trace = reading.trace();
        if (trace != null) {
            trace.mark();
        }
        // The sender's own share keeps the reading in this thread's hands until every sink has it
        // in its queue.
        var delivery = new Delivery(reading, account, outlets.length + 1);
        for (Outlet outlet : outlets) {
            outlet.put(delivery, halt);
        }
        account.inSinks.increment();
        delivery.release();
    }

    /// Gives a reading to the rules.
    ///
    /// @return what one of them has thrown: then it goes nowhere else; null if all is well
    @Nullable
    Throwable evaluate(Reading reading) {
        for (Evaluator rule : rules) {
            try {
                rule.evaluate(reading);
            } catch (Throwable e) {
                return e;
            }
        }
        return null;
    }

    /// Makes a dead letter of a reading with which a rule has failed.
    void refuse(Reading reading, Throwable thrown) {
        String reason = Cause.reason(thrown);
        if (reason.equals(Cause.STAGE_ERROR)) {
            reason = "rule-error";
            log.warn("a rule failed", name(), reading, thrown);
        }
        // Counted last: whoever calls counts what is thrown until then.
        parts.deadLetters().add(name(), reading, reason, "rule: " + Cause.detail(thrown));
        account.deadLettered.count(reason);
        Fate.DEAD_LETTERED.of(reading, reason);
    }
}
