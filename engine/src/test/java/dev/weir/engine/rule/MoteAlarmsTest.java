package dev.weir.engine.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Reading;
import dev.weir.engine.stage.EventTimeOrder;
import dev.weir.engine.stage.Motes;
import dev.weir.engine.stage.Motes.Episode;
import dev.weir.engine.stage.Motes.Row;
import dev.weir.engine.stage.Stage;
import dev.weir.engine.stage.TestStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class MoteAlarmsTest {
    private final TestStream stream = new TestStream("temperature", "humidity");
    private final Rule hot = RuleTest.rule(stream, "temperature", """
            on: climate
            when: temperature > 30
            until: temperature < 29
            track: temperature
            do:
              - raise: { severity: high, text: "{device}: {temperature} °C" }
            """);
    private final Rule wet = RuleTest.rule(stream, "humidity", """
            on: climate
            when: humidity > 60
            until: humidity < 55
            track: humidity
            do:
              - raise: { text: "{device}: {humidity} %" }
            """);
    private final RecordedEffects effects = new RecordedEffects();

    @Test
    void evaluate_motesByTime_all7EpisodesAreRight() {
        Motes.rowsByTime().forEach(row -> evaluate(row.on(stream)));
        check();
    }

    @Test
    void evaluate_everyReadingTwiceBehindDedupe_all7EpisodesAreRight() {
        Stage dedupe = stream.stage("- dedupe: { by: [device, time], within: 10m }");
        List<Row> rows = new ArrayList<>();
        Motes.rowsByTime().forEach(row -> {
            rows.add(row);
            rows.add(row);
        });
        through(dedupe, rows);
        check();
    }

    @Test
    void evaluate_outOfOrderWithinLatenessBehindEventTimeOrder_all7EpisodesAreRight() {
        EventTimeOrder order = new EventTimeOrder(Duration.ofSeconds(30), 1000, 300);
        through(order, shuffled(20100509));
        assertThat(order.counts()).containsEntry("late", 0L).containsEntry("evicted", 0L);
        check();
    }

    @Test
    void evaluate_outOfOrderWithoutEventTimeOrder_isNotRight() {
        shuffled(20100509).forEach(row -> evaluate(row.on(stream)));
        assertThat(found()).isNotEqualTo(expected());
    }

    /// Each reading at most 30 s behind a later one of its mote.
    private static List<Row> shuffled(long seed) {
        Random random = new Random(seed);
        Map<Row, Double> place = new HashMap<>();
        Motes.rows().forEach(row -> place.put(row, row.reading() + 6.0 * random.nextDouble()));
        return Motes.rows().stream().sorted(Comparator.comparing(place::get)).toList();
    }

    private void through(Stage stage, List<Row> rows) {
        Consumer<Reading> next = this::evaluate;
        Stage.Emitter emitter = new Stage.Emitter() {
            @Override
            public void emit(Reading result) {
                throw new AssertionError("no windows here");
            }

            @Override
            public void resume(Reading held) {
                next.accept(held);
            }
        };
        for (Row row : rows) {
            Reading reading = row.on(stream);
            if (stage.apply(reading, emitter) == Stage.Verdict.PASS) {
                next.accept(reading);
            }
        }
        stage.finish(emitter);
    }

    private void evaluate(Reading reading) {
        hot.evaluate(reading, effects);
        wet.evaluate(reading, effects);
    }

    private void check() {
        assertThat(found()).isEqualTo(expected());
        assertThat(effects.failures).isEmpty();
    }

    private List<Episode> found() {
        return sorted(effects.alarms.stream()
                .filter(AlarmEvent.Cleared.class::isInstance)
                .map(AlarmEvent::alarm)
                .map(alarm -> new Episode(
                        alarm.device(),
                        alarm.rule(),
                        alarm.raisedAt(),
                        Objects.requireNonNull(alarm.clearedAt()),
                        alarm.readings(),
                        Objects.requireNonNull(alarm.peak())))
                .toList());
    }

    private static List<Episode> expected() {
        return sorted(Motes.episodes());
    }

    private static List<Episode> sorted(List<Episode> episodes) {
        return episodes.stream()
                .sorted(Comparator.comparing(Episode::raisedAt)
                        .thenComparing(Episode::mote)
                        .thenComparing(Episode::metric))
                .toList();
    }
}
