package dev.weir.engine.stage;

import static dev.weir.engine.stage.Collected.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.engine.Reading;
import dev.weir.engine.stage.Motes.Row;
import dev.weir.engine.stage.Motes.WindowRow;
import dev.weir.engine.stage.Stage.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class MoteWindowsTest {
    private static final String WINDOW = """
            - window: { tumbling: 10m, by: device, lateness: 30s, as: climate_10m,
                emit: { mean_t: mean(temperature), min_t: min(temperature), max_t: max(temperature),
                        mean_h: mean(humidity), min_h: min(humidity), max_h: max(humidity), n: count() } }
            """;

    private final TestStream stream = new TestStream("temperature", "humidity");
    private final Stage window = stream.stage(WINDOW);
    private final Collected collected = new Collected();

    @Test
    void apply_moteAfterMote_all159WindowsAreRight() {
        run(Motes.rows());
        check();
    }

    @Test
    void apply_motesByTime_all159WindowsAreRight() {
        run(Motes.rowsByTime());
        check();
    }

    @Test
    void apply_everyReadingTwiceBehindDedupe_all159WindowsAreRight() {
        Stage dedupe = stream.stage("- dedupe: { by: [device, time], within: 10m, keep: first }");
        int duplicates = 0;
        for (Row row : Motes.rowsByTime()) {
            for (int copy = 0; copy < 2; copy++) {
                Reading reading = row.on(stream);
                if (dedupe.apply(reading, collected) == Verdict.PASS) {
                    window.apply(reading, collected);
                } else {
                    duplicates++;
                }
            }
        }
        window.finish(collected);
        assertThat(duplicates).isEqualTo(18_914);
        check();
    }

    @Test
    void apply_outOfOrderWithinLateness_all159WindowsAreRight() {
        run(shuffled(Motes.rows(), 20100509));
        check();
    }

    @Test
    void apply_fourWorkersAtOnce_all159WindowsAreRight() throws Exception {
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> done = new ArrayList<>();
            for (String mote : List.of("1", "2", "3", "4")) {
                done.add(workers.submit(() -> Motes.rows().stream()
                        .filter(row -> row.mote().equals(mote))
                        .forEach(row -> window.apply(row.on(stream), collected))));
            }
            for (Future<?> worker : done) {
                worker.get();
            }
        }
        window.finish(collected);
        check();
    }

    /// Each reading at most 30 s behind a later one: 5 s apart, moved by up to 3 places each way.
    static List<Row> shuffled(List<Row> rows, long seed) {
        Random random = new Random(seed);
        Map<Row, Double> place = new HashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            place.put(rows.get(i), i + 6.0 * random.nextDouble());
        }
        return rows.stream().sorted(Comparator.comparing(place::get)).toList();
    }

    private void run(List<Row> rows) {
        for (Row row : rows) {
            assertThat(window.apply(row.on(stream), collected)).isEqualTo(Verdict.PASS);
        }
        window.finish(collected);
    }

    private void check() {
        assertThat(collected.emitted).hasSize(159);
        Map<String, Reading> found = new HashMap<>();
        Map<String, Long> last = new HashMap<>();
        for (Reading result : collected.emitted) {
            Long before = last.put(result.device(), result.time());
            assertThat(before == null || before < result.time())
                    .as("in order of start")
                    .isTrue();
            assertThat(result.sequence()).isEqualTo(result.time());
            assertThat(result.source()).isEqualTo("climate_10m");
            found.put(result.device() + "@" + result.instant(), result);
        }
        List<WindowRow> expected = Motes.windows();
        assertThat(expected).hasSize(318);
        for (WindowRow row : expected) {
            Reading result = Objects.requireNonNull(found.get(row.mote() + "@" + row.start()), row.toString());
            String suffix = row.metric().substring(0, 1);
            assertThat(value(result, "n")).isEqualTo(row.count());
            assertThat((Double) value(result, "mean_" + suffix)).isEqualTo(row.mean(), within(1e-6));
            assertThat(value(result, "min_" + suffix)).isEqualTo(row.min());
            assertThat(value(result, "max_" + suffix)).isEqualTo(row.max());
        }
        assertThat(window.counts()).containsEntry("late", 0L).containsEntry("evicted", 0L);
    }
}
