package dev.weir.cli;

import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.engine.flow.Live;
import dev.weir.engine.flow.LiveEvent;
import dev.weir.engine.rule.Alarm;
import dev.weir.engine.rule.AlarmEvent;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Prints what happens in the demo's node: every alarm and command as it comes, and the last
/// readings once a second, since no one can read two hundred lines a second. With four devices a
/// line has at most 100 columns.
final class LivePrinter implements Runnable {
    private static final Duration TICK = Duration.ofMillis(200);
    private static final long SUMMARY_NANOS = Duration.ofSeconds(1).toNanos();

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Live.Subscriber events;
    private final Terminal terminal;
    private final Map<String, Reading> last = new TreeMap<>();
    private long shown = System.nanoTime();

    LivePrinter(Live.Subscriber events, Terminal terminal) {
        this.events = events;
        this.terminal = terminal;
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                LiveEvent event = events.poll(TICK);
                if (event != null) {
                    print(event);
                }
                if (System.nanoTime() - shown > SUMMARY_NANOS && !last.isEmpty()) {
                    shown = System.nanoTime();
                    summary();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void print(LiveEvent event) {
        switch (event) {
            case LiveEvent.Passed(Reading reading) -> {
                if (reading.stream().equals("climate")) {
                    last.put(reading.device(), reading);
                }
            }
            case LiveEvent.Alarmed(AlarmEvent change) -> alarm(change);
            case LiveEvent.Commanded(var command, var outcome, var detail) ->
                terminal.line(
                        head("command", command.device()) + Terminal.safe(command.address() + " " + command.payload())
                                + "  " + outcome.name().toLowerCase(Locale.ROOT)
                                + (detail.isEmpty() ? "" : ": " + Terminal.safe(detail)));
        }
    }

    private void alarm(AlarmEvent change) {
        Alarm alarm = change.alarm();
        switch (change) {
            case AlarmEvent.Raised _ ->
                terminal.bad(head("ALARM", alarm.device()) + alarm.raisedAt() + "  " + Terminal.safe(alarm.text()));
            case AlarmEvent.Cleared _ ->
                terminal.good(head("cleared", alarm.device()) + alarm.clearedAt() + "  " + alarm.rule()
                        + (alarm.peak() == null ? "" : ", peak " + alarm.peak()));
            case AlarmEvent.Peaked _, AlarmEvent.Acknowledged _, AlarmEvent.Lost _ -> {}
        }
    }

    private static String head(String what, String device) {
        return String.format(Locale.ROOT, "  %-8s %s  ", what, Terminal.safe(device));
    }

    private void summary() {
        StringBuilder line = new StringBuilder();
        last.values().stream()
                .map(Reading::instant)
                .max(java.util.Comparator.naturalOrder())
                .ifPresent(time -> line.append(CLOCK.format(time)));
        last.forEach((device, reading) -> line.append("  ")
                .append(Terminal.safe(device))
                .append(number(reading, "temperature", "°C"))
                .append(number(reading, "humidity", "%")));
        terminal.quiet(line.toString());
    }

    private static String number(Reading reading, String field, String unit) {
        int slot = reading.schema().slot(field);
        return slot == Schema.NONE || !reading.has(slot)
                ? ""
                : String.format(Locale.ROOT, " %.1f%s", reading.real(slot), unit);
    }
}
