package dev.weir.engine.flow;

import dev.weir.engine.Reading;
import dev.weir.engine.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Stages that run one after the other in the same workers, behind one bounded queue that is
/// divided over the workers. A device always belongs to the same worker, which keeps its order.
final class Segment {
    private final String name;
    private final Stream stream;
    private final List<Stream> windows;
    private final Halt halt;
    private final List<Step> steps;
    private final Workforce plan;
    private final @Nullable Segment next;
    private final List<Inbox<Reading>> inboxes = new ArrayList<>();
    private final List<Partition> partitions = new ArrayList<>();
    private final Crew crew;
    private final ServiceSamples samples;
    private final Places places;

    /// The last change of the number of workers; empty before the first.
    private volatile Optional<FlowState.Resized> resized = Optional.empty();

    /// @param name for threads and logs: `climate`, `climate.2`
    /// @param plan how many workers, and their queue
    /// @param stream where the readings go after the last segment; its account counts them
    /// @param windows the streams that its stages emit
    /// @param next the segment behind it; null for the last
    /// @param crew runs its workers
    /// @param samples how long readings occupy its workers
    Segment(
            String name,
            Crew crew,
            Workforce plan,
            List<Step> steps,
            Stream stream,
            List<Stream> windows,
            @Nullable Segment next,
            Halt halt,
            Watchdog watchdog,
            ServiceSamples samples) {
        this.name = name;
        this.plan = plan;
        this.stream = stream;
        this.windows = List.copyOf(windows);
        this.next = next;
        this.steps = List.copyOf(steps);
        this.halt = halt;
        this.samples = samples;
        this.crew = crew;
        this.places = new Places(plan.workers(), plan.atFirst());
        steps.stream().filter(step -> step.timeoutNanos() > 0).forEach(step -> watchdog.expect(step.timeoutNanos()));
        for (int i = 0; i < plan.workers(); i++) {
            var inbox =
                    new Inbox<Reading>(plan.capacity(), plan.overflow(), reading -> drop(reading, Account.OVERFLOW));
            inboxes.add(inbox);
            var partition = new Partition(this, inbox, steps, watchdog);
            partitions.add(partition);
            crew.add(partition);
        }
    }

    String name() {
        return name;
    }

    /// The pipeline's name.
    String streamName() {
        return stream.name();
    }

    Account account() {
        return stream.account();
    }

    DeadLetters deadLetters() {
        return stream.deadLetters();
    }

    RareLog log() {
        return stream.log();
    }

    ServiceSamples samples() {
        return samples;
    }

    Halt halt() {
        return halt;
    }

    Places places() {
        return places;
    }

    /// Lets so many partitions work at once from now on. Does not block.
    ///
    /// @param workers cut to what the plan allows
    /// @param why in words
    void resize(int workers, Instant now, String why) {
        int before = places.count();
        places.resize(workers);
        if (places.count() != before) {
            resized = Optional.of(new FlowState.Resized(now, before, places.count(), why));
        }
    }

    Workforce plan() {
        return plan;
    }

    @Nullable
    Segment next() {
        return next;
    }

    Crew crew() {
        return crew;
    }

    List<Inbox<Reading>> inboxes() {
        return inboxes;
    }

    void start() {
        crew.start();
    }

    /// Counts a reading that goes no further.
    void drop(Reading reading, String reason) {
        account().dropped.count(reason);
        Fate.DROPPED.of(reading, reason);
    }

    /// Counts a reading that a worker has, and nobody else, after it was given up.
    void hung(Reading reading) {
        account().deadLettered.count(Account.HUNG);
        Fate.DEAD_LETTERED.of(reading, Account.HUNG);
    }

    private Inbox<Reading> inbox(Reading reading) {
        Span trace = reading.trace();
        if (trace != null) {
            trace.mark();
        }
        return inboxes.get(Workforce.partition(reading.device(), inboxes.size()));
    }

    Inbox.Put tryPut(Reading reading) {
        return inbox(reading).tryPut(reading);
    }

    Inbox.Put put(Reading reading) throws InterruptedException {
        return inbox(reading).put(reading);
    }

    Inbox.Put put(Reading reading, Duration patience) throws InterruptedException {
        return inbox(reading).put(reading, patience);
    }

    Inbox.Put put(Reading reading, Halt until) {
        return inbox(reading).put(reading, until);
    }

    /// Gives a reading that has gone through all stages of the pipeline to the rules.
    ///
    /// @return what one of them has thrown; null if all is well, or there are more stages
    @Nullable
    Throwable evaluate(Reading reading) {
        return next == null ? stream.evaluate(reading) : null;
    }

    /// Makes a dead letter of a reading with which a rule has failed.
    void refuse(Reading reading, Throwable thrown) {
        stream.refuse(reading, thrown);
    }

    /// Passes on a reading that has gone through all stages, and the rules.
    void pass(Reading reading) {
        if (next == null) {
            stream.deliver(reading, halt);
        } else if (next.put(reading, halt) != Inbox.Put.TAKEN) {
            drop(reading, Account.SHUTDOWN);
        }
    }

    /// Sends the result of a window down its own stream.
    void emit(Reading result) {
        for (Stream window : windows) {
            if (window.schema() == result.schema()) {
                window.emit(result, halt);
                return;
            }
        }
        throw new IllegalStateException("pipeline " + stream.name() + " has no stream " + result.stream());
    }

    int queued() {
        return inboxes.stream().mapToInt(Inbox::length).sum();
    }

    int inHand() {
        return partitions.stream().mapToInt(Partition::inHand).sum();
    }

    long held() {
        return steps.stream().mapToLong(step -> step.held().sum()).sum();
    }

    FlowState.SegmentState state() {
        return new FlowState.SegmentState(
                name,
                steps.stream().map(Step::name).toList(),
                plan,
                places.count(),
                resized,
                queued(),
                inHand(),
                held(),
                crew.state(),
                samples.state(name),
                steps.stream().map(step -> step.samples().state(step.name())).toList());
    }

    /// Counts what nobody will process as dropped: what is queued, what workers had in hand that
    /// did not end, what the stages still hold. Only when the workers have ended or were given up.
    void dropRest() {
        partitions.forEach(Partition::drop);
        for (Step step : steps) {
            account().dropped.count(Account.SHUTDOWN, step.held().sumThenReset());
        }
    }
}
