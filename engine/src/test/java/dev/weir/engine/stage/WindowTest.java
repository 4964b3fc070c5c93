package dev.weir.engine.stage;

import static dev.weir.engine.stage.Collected.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.FieldType;
import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowTest {
    private final TestStream stream = new TestStream("t");
    private final Collected out = new Collected();

    private static String window(String by, String more) {
        return "- window: { tumbling: 10s, by: " + by + ", as: w, emit: { n: count(), sum: sum(t) }" + more + " }";
    }

    private void feed(Stage stage, String device, double... secondsAndValues) {
        for (int i = 0; i < secondsAndValues.length; i += 2) {
            stage.apply(stream.at(device, secondsAndValues[i], "t", secondsAndValues[i + 1]), out);
        }
    }

    private List<String> emitted() {
        return out.emitted.stream()
                .map(result -> result.device() + "@" + (result.time() - TestStream.START) / 1_000_000_000L + ":"
                        + value(result, "n"))
                .toList();
    }

    @Test
    void apply_watermarkReachesEnd_closesTheWindow() {
        Stage window = stream.stage(window("device", ", lateness: 5s"));
        feed(window, "a", 1, 1, 14.9, 1);
        assertThat(emitted()).isEmpty();
        feed(window, "a", 15, 1);
        assertThat(emitted()).containsExactly("a@0:1");
    }

    @Test
    void apply_readingOnTheBoundary_belongsToTheNextWindow() {
        Stage window = stream.stage(window("device", ""));
        feed(window, "a", 0, 1, 10, 1, 20, 1);
        assertThat(emitted()).containsExactly("a@0:1", "a@10:1");
    }

    @Test
    void apply_readingForClosedWindow_isCountedAndChangesNothing() {
        Stage window = stream.stage(window("device", ""));
        feed(window, "a", 1, 1, 10, 1, 2, 1);
        window.finish(out);
        assertThat(emitted()).containsExactly("a@0:1", "a@10:1");
        assertThat(window.counts()).containsEntry("late", 1L);
    }

    @Test
    void apply_lateReadingOfWindowThatNeverOpened_isLateToo() {
        Stage window = stream.stage(window("device", ""));
        feed(window, "a", 100, 1, 2, 1);
        window.finish(out);
        assertThat(emitted()).containsExactly("a@100:1");
    }

    @Test
    void finish_thenLaterReadings_doNotReopenClosedWindows() {
        Stage window = stream.stage(window("device", ", lateness: 1h"));
        feed(window, "a", 1, 1);
        window.finish(out);
        feed(window, "a", 2, 1, 11, 1);
        window.finish(out);
        assertThat(emitted()).containsExactly("a@0:1", "a@10:1");
    }

    @Test
    void apply_fastDevice_doesNotCloseWindowsOfSlowOne() {
        Stage window = stream.stage(window("device", ""));
        feed(window, "slow", 1, 1);
        feed(window, "fast", 1000, 1);
        feed(window, "slow", 2, 1, 10, 1);
        assertThat(emitted()).containsExactly("slow@0:2");
    }

    @Test
    void apply_lateReadingsWithoutLatenessOfTheirOwn_waitAsLongAsThePipelineSays() {
        Stage window = stream.stage(window("device", ""), Duration.ofSeconds(5));
        feed(window, "a", 1, 1, 14, 1, 2, 1, 15, 1);
        assertThat(emitted()).containsExactly("a@0:2");
    }

    @Test
    void apply_timeBefore1970_isAlignedToo() {
        Stage window = stream.stage(window("device", ""));
        double start = -TestStream.START / 1e9;
        feed(window, "a", start - 1, 1);
        window.finish(out);
        assertThat(out.emitted.getFirst().time()).isEqualTo(-10_000_000_000L);
    }

    @Test
    void apply_readingWithoutTheField_countsAsReadingOnly() {
        Stage window = stream.stage(window("device", ""));
        window.apply(stream.at("a", 1), out);
        window.finish(out);
        assertThat(value(out.emitted.getFirst(), "n")).isEqualTo(1L);
        assertThat(value(out.emitted.getFirst(), "sum")).isEqualTo("(empty)");
    }

    @Test
    void apply_fieldOfWrongType_isDeadLetterBeforeAnyWindowSawIt() {
        Stage window = stream.stage("- window: { tumbling: 10s, as: w, emit: { n: count(), m: mean(x) } }");
        Reading reading = stream.at("a", 1);
        reading.set(stream.schema().slot("x"), "hot");
        assertThatThrownBy(() -> window.apply(reading, out))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.reason()).isEqualTo("wrong-type"));
        window.finish(out);
        assertThat(out.emitted).isEmpty();
    }

    @Test
    void apply_formulaOverAggregates_isEvaluated() {
        Stage window = stream.stage("""
                - window: { tumbling: 10s, as: w, emit: {
                    range: max(t) - min(t), rise: last(t) - first(t), s: stddev(t), many: count() > 2, m: mean(t * 2.0) } }
                """);
        feed(window, "a", 3, 7, 1, 2, 2, 4);
        window.finish(out);
        Reading result = out.emitted.getFirst();
        assertThat(value(result, "range")).isEqualTo(5.0);
        assertThat(value(result, "rise")).isEqualTo(5.0);
        assertThat(value(result, "many")).isEqualTo(true);
        assertThat((Double) value(result, "s"))
                .isCloseTo(Math.sqrt(19.0 / 3), org.assertj.core.api.Assertions.within(1e-12));
        assertThat((Double) value(result, "m")).isCloseTo(26.0 / 3, org.assertj.core.api.Assertions.within(1e-12));
    }

    @Test
    void results_schema_hasTypesUnitsAndTheKey() {
        stream.schema().declare(new Schema.Field("zone", FieldType.STRING, null));
        stream.schema().declare(new Schema.Field("p", FieldType.DOUBLE, "hPa"));
        Schema results = stream.stage(
                        "- window: { tumbling: 10s, by: zone, as: w, emit: { n: count(), p: mean(p), d: max(p) - min(p) } }")
                .results()
                .orElseThrow();
        assertThat(results.stream()).isEqualTo("w");
        assertThat(results.fields())
                .containsExactly(
                        new Schema.Field("zone", FieldType.STRING, null),
                        new Schema.Field("n", FieldType.LONG, null),
                        new Schema.Field("p", FieldType.DOUBLE, "hPa"),
                        new Schema.Field("d", FieldType.DOUBLE, null));
    }

    @Test
    void apply_byField_aggregatesOverDevices() {
        Stage window = stream.stage(window("[zone]", ""));
        int zone = stream.schema().slot("zone");
        for (String device : List.of("a", "b", "c")) {
            Reading reading = stream.at(device, 1, "t", 1);
            reading.set(zone, device.equals("c") ? "south" : "north");
            window.apply(reading, out);
        }
        window.finish(out);
        assertThat(emitted()).containsExactlyInAnyOrder("north@0:2", "south@0:1");
        assertThat(value(out.emitted.getFirst(), "zone"))
                .isEqualTo(out.emitted.getFirst().device());
    }

    @Test
    void apply_byNothing_waitsForTheSlowerDevice() {
        Stage window = stream.stage(window("[]", ""));
        shared(window, "slow", 1, 21);
        shared(window, "fast", 12, 22);
        shared(window, "slow", 4, 24);
        shared(window, "fast", 25, 25);
        assertThat(emitted()).isEmpty();
        shared(window, "slow", 11, 31);
        assertThat(emitted()).containsExactly("all@0:2");
    }

    private void shared(Stage window, String device, long second, long received) {
        long start = TestStream.START;
        window.apply(stream.at(device, start + second * 1_000_000_000L, start + received * 1_000_000_000L), out);
    }

    @Test
    void apply_byNothingWithSilentDevice_doesNotWaitForEver() {
        Stage window = stream.stage(window("[]", ""));
        feed(window, "silent", 1, 1);
        feed(window, "alive", 1, 1, 5, 1, 10, 1, 11, 1);
        assertThat(emitted()).isEmpty();
        feed(window, "alive", 12, 1, 15, 1);
        assertThat(emitted()).containsExactly("all@0:3");
    }

    @Test
    void apply_byNothingWithClockFarAhead_expiresNobody() {
        Stage window = stream.stage(window("[]", ""));
        feed(window, "good", 1, 1);
        shared(window, "ahead", 86_400, 0);
        feed(window, "good", 2, 1, 10, 1);
        assertThat(emitted()).containsExactly("all@0:2");
        assertThat(window.counts()).containsEntry("late", 0L);
    }

    @Test
    void apply_byNothingWithClockFarBehind_doesNotHoldBack() {
        Stage window = stream.stage(window("[]", ""));
        feed(window, "good", 1, 1, 2, 1);
        shared(window, "behind", -86_400, 3);
        feed(window, "good", 10, 1);
        assertThat(emitted()).contains("all@0:2");
    }

    @Test
    void apply_allMotesTogetherByTime_gives43Windows() {
        Stage window = stream.stage("- window: { tumbling: 10m, by: [], lateness: 30s, as: w, emit: { n: count() } }");
        Motes.rowsByTime().forEach(row -> window.apply(row.on(stream), out));
        window.finish(out);
        assertThat(out.emitted).hasSize(43);
        assertThat(out.emitted.stream()
                        .mapToLong(result -> (Long) value(result, "n"))
                        .sum())
                .isEqualTo(18_914);
        assertThat(window.counts()).containsEntry("late", 0L);
    }

    @Test
    void apply_moreKeysThanLimit_closesThoseOfTheLeastRecentAndEmitsThem() {
        Stage window = stream.stage(window("device", ", keys: 3"));
        for (String device : List.of("a", "b", "c", "a", "d")) {
            feed(window, device, 1, 1);
        }
        assertThat(emitted()).containsExactly("b@0:1");
        assertThat(window.counts()).containsEntry("evicted", 1L);
    }

    @Test
    void apply_deviceWithTimesAtRandom_keepsAtMost64WindowsOpen() {
        Stage window = stream.stage(window("device", ", lateness: 1h"));
        for (int i = 0; i < 65; i++) {
            feed(window, "a", i * 10, 1);
        }
        assertThat(emitted()).containsExactly("a@0:1");
        assertThat(window.counts()).containsEntry("crowded", 1L);
    }
}
