package dev.weir.engine.rule;

import dev.weir.engine.Latest.Subscription;
import dev.weir.engine.stage.Turns;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// The book of active alarms. Thread-safe.
///
/// Listeners are told after each change, all of them in the same order; a listener that is slow
/// makes whoever changes alarms wait. Nothing is stored here: whoever does that listens, and gives
/// the active alarms back with [#restore] when the node starts.
///
/// Bounded: when a new alarm finds the book full, the mildest goes, of equal severity the oldest;
/// listeners are told [AlarmEvent.Lost].
public final class Alarms {
    private static final Comparator<Alarm> LEAST =
            Comparator.comparing(Alarm::severity).thenComparing(Alarm::raisedAt);

    private final int limit;
    private final InstantSource clock;
    private final Turns turns = new Turns();
    private final List<Consumer<AlarmEvent>> listeners = new CopyOnWriteArrayList<>();
    private final LongAdder lost = new LongAdder();

    private final ReentrantLock lock = new ReentrantLock();

    // guarded by lock
    private final Map<String, Alarm> active = new LinkedHashMap<>();

    /// @param limit how many alarms may be active, at least 1
    /// @param clock tells when an alarm was acknowledged
    public Alarms(int limit, InstantSource clock) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, but was " + limit);
        }
        this.limit = limit;
        this.clock = clock;
    }

    /// Takes a change that a rule made, and tells the listeners. An acknowledgement that the book
    /// knows of is kept.
    public void accept(AlarmEvent event) {
        List<AlarmEvent> events = new ArrayList<>(2);
        long ticket;
        lock.lock();
        try {
            enter(event, events);
            ticket = turns.take();
        } finally {
            lock.unlock();
        }
        tell(ticket, events);
    }

    private void enter(AlarmEvent event, List<AlarmEvent> events) {
        Alarm known = active.get(event.alarm().id());
        Alarm alarm = known == null
                ? event.alarm()
                : event.alarm().acknowledged(known.acknowledgedAt(), known.acknowledgedBy());
        events.add(event.with(alarm));
        switch (event) {
            case AlarmEvent.Raised raised -> {
                active.put(alarm.id(), alarm);
                makeRoom(events);
            }
            case AlarmEvent.Peaked peaked -> active.replace(alarm.id(), alarm);
            case AlarmEvent.Acknowledged acknowledged -> active.replace(alarm.id(), acknowledged.alarm());
            case AlarmEvent.Cleared cleared -> active.remove(alarm.id());
            case AlarmEvent.Lost gone -> {
                active.remove(alarm.id());
                lost.increment();
            }
        }
    }

    private void makeRoom(List<AlarmEvent> events) {
        while (active.size() > limit) {
            Alarm least = active.values().stream().min(LEAST).orElseThrow();
            active.remove(least.id());
            lost.increment();
            events.add(new AlarmEvent.Lost(least));
        }
    }

    /// Notes that somebody has seen an active alarm. An alarm that was acknowledged before stays
    /// as it was.
    ///
    /// @return the alarm as it is now; empty if no active alarm has that id
    public Optional<Alarm> acknowledge(String id, String who) {
        Alarm acknowledged;
        long ticket;
        lock.lock();
        try {
            Alarm known = active.get(id);
            if (known == null) {
                return Optional.empty();
            }
            if (known.acknowledgedAt() != null) {
                return Optional.of(known);
            }
            acknowledged = known.acknowledged(clock.instant(), who);
            active.put(id, acknowledged);
            ticket = turns.take();
        } finally {
            lock.unlock();
        }
        tell(ticket, List.of(new AlarmEvent.Acknowledged(acknowledged)));
        return Optional.of(acknowledged);
    }

    /// Enters alarms that were active when the node stopped. Listeners are not told. The rules
    /// must be told as well ([Rule#restore]), else nobody clears them.
    public void restore(Collection<Alarm> alarms) {
        lock.lock();
        try {
            List<AlarmEvent> untold = new ArrayList<>();
            for (Alarm alarm : alarms) {
                if (alarm.isActive()) {
                    active.put(alarm.id(), alarm);
                    makeRoom(untold);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// The active alarms, the worst first, of equal severity the newest first.
    public List<Alarm> active() {
        lock.lock();
        try {
            return active.values().stream().sorted(LEAST.reversed()).toList();
        } finally {
            lock.unlock();
        }
    }

    /// The active alarm of that id.
    public Optional<Alarm> find(String id) {
        lock.lock();
        try {
            return Optional.ofNullable(active.get(id));
        } finally {
            lock.unlock();
        }
    }

    /// How many alarms were forgotten while active, for want of room.
    public long lost() {
        return lost.sum();
    }

    /// Has `listener` told of each change from now on, until the subscription is closed. It runs on
    /// the thread that made the change, must not throw, and must not change alarms itself.
    public Subscription listen(Consumer<AlarmEvent> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private void tell(long ticket, List<AlarmEvent> events) {
        turns.inTurn(ticket, () -> {
            for (AlarmEvent event : events) {
                listeners.forEach(listener -> listener.accept(event));
            }
        });
    }
}
