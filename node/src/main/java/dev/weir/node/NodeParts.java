package dev.weir.node;

import dev.weir.engine.Span;
import dev.weir.engine.Tracer;
import dev.weir.engine.flow.CommandOutcome;
import dev.weir.engine.flow.Commands;
import dev.weir.engine.flow.DeadLetter;
import dev.weir.engine.flow.DeadLetters;
import dev.weir.engine.flow.FlowClock;
import dev.weir.engine.flow.FlowParts;
import dev.weir.engine.flow.LastValues;
import dev.weir.engine.flow.Live;
import dev.weir.engine.flow.LiveEvent;
import dev.weir.engine.flow.Vigilance;
import dev.weir.engine.rule.AlarmEvent;
import dev.weir.engine.rule.Alarms;
import dev.weir.node.api.Mounts;
import dev.weir.node.api.PrometheusMeters;
import dev.weir.node.api.RecentCommands;
import dev.weir.node.store.Recorder;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What all of a node shares, and who tells whom: alarms, commands and dead letters go to the log,
/// to whoever watches live, and, once there is a store, to the disk.
final class NodeParts {
    private static final Logger LOG = LoggerFactory.getLogger("node");
    /// How many alarms may be active.
    static final int ALARMS = 10_000;

    private static final int DEAD_LETTERS = 1_000;
    private static final long DEAD_LETTER_BYTES = 1 << 20;

    private final FlowClock clock = FlowClock.system();
    private final PrometheusMeters meters = new PrometheusMeters();
    private final LastValues latest = new LastValues(LastValues.DEVICES);
    private final Live live = new Live();
    private final RecentCommands recent = new RecentCommands();
    private final Mounts mounts = new Mounts();
    private final RuleLog log = new RuleLog(clock);
    private final DeadLetters deadLetters = new DeadLetters(clock, DEAD_LETTERS, DEAD_LETTER_BYTES, this::deadLetter);
    private final Commands commands;
    private final Alarms alarms = new Alarms(ALARMS, InstantSource.system());

    /// Set once, when the store is open.
    private volatile @Nullable Recorder recorder;

    NodeParts(Vigilance vigilance) {
        commands = new Commands(clock, meters, this::settled, vigilance);
        alarms.listen(this::alarm);
    }

    private void alarm(AlarmEvent event) {
        Recorder open = recorder;
        if (open != null) {
            open.alarm(event);
        }
        live.publish(new LiveEvent.Alarmed(event));
        switch (event) {
            case AlarmEvent.Raised(var alarm) ->
                LOG.atInfo()
                        .addKeyValue("rule", alarm.rule())
                        .addKeyValue("device", alarm.device())
                        .addKeyValue("text", alarm.text())
                        .log("alarm raised");
            case AlarmEvent.Cleared(var alarm) ->
                LOG.atInfo()
                        .addKeyValue("rule", alarm.rule())
                        .addKeyValue("device", alarm.device())
                        .log("alarm cleared");
            case AlarmEvent.Lost(var alarm) ->
                LOG.atWarn()
                        .addKeyValue("rule", alarm.rule())
                        .addKeyValue("device", alarm.device())
                        .log("alarm forgotten: too many are active");
            case AlarmEvent.Peaked _, AlarmEvent.Acknowledged _ -> {}
        }
    }

    private void deadLetter(DeadLetter letter) {
        Recorder open = recorder;
        if (open != null) {
            open.deadLetter(letter);
        }
    }

    private void settled(dev.weir.engine.Command command, CommandOutcome outcome, String detail) {
        LiveEvent.Commanded event = new LiveEvent.Commanded(command, outcome, detail);
        recent.add(event);
        live.publish(event);
        if (outcome != CommandOutcome.DONE) {
            Span trace = command.trace();
            var line = trace == null ? LOG.atWarn() : LOG.atWarn().addKeyValue("trace", trace.traceId());
            line.addKeyValue("command", command.id())
                    .addKeyValue("rule", command.rule())
                    .addKeyValue("device", command.device())
                    .addKeyValue("address", command.address())
                    .addKeyValue("outcome", outcome)
                    .addKeyValue("detail", detail)
                    .log("command not carried out");
        }
    }

    /// From now on alarms and dead letters are written down.
    void record(Recorder open) {
        recorder = open;
    }

    FlowParts forFlow(Tracer tracer) {
        return new FlowParts(clock, meters, latest, deadLetters, commands, live, tracer);
    }

    FlowClock clock() {
        return clock;
    }

    PrometheusMeters meters() {
        return meters;
    }

    Mounts mounts() {
        return mounts;
    }

    LastValues latest() {
        return latest;
    }

    Live live() {
        return live;
    }

    RecentCommands recent() {
        return recent;
    }

    RuleLog log() {
        return log;
    }

    Commands commands() {
        return commands;
    }

    Alarms alarms() {
        return alarms;
    }
}
