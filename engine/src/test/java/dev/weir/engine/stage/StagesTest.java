package dev.weir.engine.stage;

import static dev.weir.engine.stage.Collected.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.FieldType;
import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.engine.stage.Stage.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StagesTest {
    private final TestStream stream = new TestStream("temperature", "humidity");
    private final Collected out = new Collected();

    private List<Verdict> verdicts(Stage stage, String device, double... secondsAndValues) {
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < secondsAndValues.length; i += 2) {
            Reading reading = stream.at(device, secondsAndValues[i], "temperature", secondsAndValues[i + 1]);
            verdicts.add(stage.apply(reading, out));
        }
        return verdicts;
    }

    @Test
    void validate_conditionFails_saysExpressionAndValues() {
        Stage stage = stream.stage("- validate: temperature > -40.0 && temperature < 85.0");
        assertThat(verdicts(stage, "a", 0, 20)).containsExactly(Verdict.PASS);
        assertThatThrownBy(() -> verdicts(stage, "a", 0, 91.5))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.reason()).isEqualTo("invalid"))
                .hasMessage("'temperature > -40.0 && temperature < 85.0' does not hold (temperature = 91.5)");
    }

    @Test
    void validate_fieldMissing_isNoSuchField() {
        Stage stage = stream.stage("- validate: temperature > -40.0");
        assertThatThrownBy(() -> stage.apply(stream.at("a", 0), out))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.reason()).isEqualTo("no-such-field"))
                .hasMessageContaining("temperature is absent");
    }

    @Test
    void filter_conditionFails_ends() {
        Stage stage = stream.stage("- filter: temperature > 30 && device.startsWith('a')");
        assertThat(verdicts(stage, "a", 0, 20, 1, 31)).containsExactly(Verdict.FILTERED, Verdict.PASS);
        assertThat(verdicts(stage, "b", 1, 31)).containsExactly(Verdict.FILTERED);
    }

    @Test
    void filter_onTime_readsTheEventTime() {
        Stage stage = stream.stage("- filter: time < timestamp('2010-05-09T00:00:10Z') && received > time");
        assertThat(verdicts(stage, "a", 9, 1, 10, 1)).containsExactly(Verdict.PASS, Verdict.FILTERED);
    }

    @Test
    void map_severalAssignments_laterOnesSeeEarlierOnes() {
        Stage stage = stream.stage("""
                - map: { kelvin: temperature + 273.15, hot: kelvin > 300.0, who: "device + '!'", n: 1 + 2 }
                """);
        Reading reading = stream.at("a", 0, "temperature", 30);
        assertThat(stage.apply(reading, out)).isEqualTo(Verdict.PASS);
        assertThat(value(reading, "kelvin")).isEqualTo(303.15);
        assertThat(value(reading, "hot")).isEqualTo(true);
        assertThat(value(reading, "who")).isEqualTo("a!");
        assertThat(value(reading, "n")).isEqualTo(3L);
        assertThat(stream.schema().fields())
                .contains(
                        new Schema.Field("kelvin", FieldType.DOUBLE, null),
                        new Schema.Field("hot", FieldType.BOOLEAN, null),
                        new Schema.Field("who", FieldType.STRING, null),
                        new Schema.Field("n", FieldType.LONG, null));
    }

    @Test
    void map_declaredField_keepsItsType() {
        Stage stage = stream.stage("- map: { humidity: 50 }");
        Reading reading = stream.at("a", 0);
        stage.apply(reading, out);
        assertThat(value(reading, "humidity")).isEqualTo(50.0);
    }

    @Test
    void map_missingField_isDeadLetter() {
        Stage stage = stream.stage("- map: { x: pressure * 2.0 }");
        assertThatThrownBy(() -> stage.apply(stream.at("a", 0), out))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.reason()).isEqualTo("no-such-field"));
    }

    @Test
    void dedupe_byDeviceAndTime_recognisesCopies() {
        Stage stage = stream.stage("- dedupe: { within: 10s }");
        assertThat(verdicts(stage, "a", 0, 1, 0, 1, 1, 1))
                .containsExactly(Verdict.PASS, Verdict.DUPLICATE, Verdict.PASS);
        assertThat(verdicts(stage, "b", 0, 1)).containsExactly(Verdict.PASS);
    }

    @Test
    void dedupe_copyAfterWithin_passes() {
        Stage stage = stream.stage("- dedupe: { within: 10s }");
        assertThat(verdicts(stage, "a", 0, 1, 10, 1, 0, 1, 11, 1, 0, 1))
                .containsExactly(Verdict.PASS, Verdict.PASS, Verdict.DUPLICATE, Verdict.PASS, Verdict.PASS);
    }

    @Test
    void dedupe_anotherDeviceMovesOn_doesNotForget() {
        Stage stage = stream.stage("- dedupe: { within: 10s }");
        verdicts(stage, "slow", 0, 1);
        verdicts(stage, "fast", 5000, 1);
        assertThat(verdicts(stage, "slow", 0, 1)).containsExactly(Verdict.DUPLICATE);
    }

    @Test
    void dedupe_byField_goesByTheEventTimesOfTheTwo() {
        Stage stage = stream.stage("- dedupe: { by: temperature, within: 10s }");
        assertThat(verdicts(stage, "a", 0, 21)).containsExactly(Verdict.PASS);
        assertThat(verdicts(stage, "b", 10, 21, 11, 21)).containsExactly(Verdict.DUPLICATE, Verdict.PASS);
    }

    @Test
    void dedupe_moreThanKeys_forgetsTheOldestOfTheLeastRecentDevice() {
        Stage stage = stream.stage("- dedupe: { keys: 2 }");
        verdicts(stage, "a", 0, 1);
        verdicts(stage, "b", 0, 1, 1, 1);
        assertThat(stage.counts()).containsEntry("evicted", 1L);
        assertThat(verdicts(stage, "b", 1, 1)).containsExactly(Verdict.DUPLICATE);
        assertThat(verdicts(stage, "a", 0, 1)).containsExactly(Verdict.PASS);
    }

    @Test
    void onChange_withoutDeadBand_passesChangesOnly() {
        Stage stage = stream.stage("- on-change: { fields: temperature }");
        assertThat(verdicts(stage, "a", 0, 20, 1, 20, 2, 20.1, 3, 20))
                .containsExactly(Verdict.PASS, Verdict.FILTERED, Verdict.PASS, Verdict.PASS);
    }

    @ParameterizedTest
    @CsvSource({"1, 144", "2, 68", "3, 212", "4, 373"})
    void onChange_deadBandOfATenth_forwardsAsManyAsExactDecimalsDo(String mote, int forwarded) {
        Stage stage = stream.stage("- on-change: { fields: [temperature], dead-band: 0.1 }");
        long passed = Motes.rows().stream()
                .filter(row -> row.mote().equals(mote))
                .filter(row -> stage.apply(row.on(stream), out) == Verdict.PASS)
                .count();
        assertThat(passed).isEqualTo(forwarded);
    }

    @Test
    void onChange_percent_isOfTheLastThatPassed() {
        Stage stage = stream.stage("- on-change: { fields: [temperature], dead-band: 10% }");
        assertThat(verdicts(stage, "a", 0, 100, 1, 109, 2, 110, 3, 120, 4, 121))
                .containsExactly(Verdict.PASS, Verdict.FILTERED, Verdict.PASS, Verdict.FILTERED, Verdict.PASS);
    }

    @Test
    void onChange_heartbeat_passesInEventTimeWithoutAChange() {
        Stage stage = stream.stage("- on-change: { dead-band: { temperature: 5 }, heartbeat: 10s }");
        assertThat(verdicts(stage, "a", 0, 20, 9, 20, 10, 20, 19, 20, 20, 20))
                .containsExactly(Verdict.PASS, Verdict.FILTERED, Verdict.PASS, Verdict.FILTERED, Verdict.PASS);
    }

    @Test
    void onChange_fieldMissing_saysNothingAboutAChange() {
        Stage stage = stream.stage("- on-change: { fields: [temperature] }");
        verdicts(stage, "a", 0, 20);
        assertThat(stage.apply(stream.at("a", 1), out)).isEqualTo(Verdict.FILTERED);
        assertThat(verdicts(stage, "a", 2, 20)).containsExactly(Verdict.FILTERED);
    }

    @Test
    void throttle_firstOfEachInterval_passes() {
        Stage stage = stream.stage("- throttle: { every: 10s }");
        assertThat(verdicts(stage, "a", 3, 1, 12.9, 1, 13, 1, 14, 1))
                .containsExactly(Verdict.PASS, Verdict.FILTERED, Verdict.PASS, Verdict.FILTERED);
        assertThat(verdicts(stage, "b", 4, 1)).containsExactly(Verdict.PASS);
    }

    @Test
    void throttle_atMost_passesThatManyOfEachInterval() {
        Stage stage = stream.stage("- throttle: { every: 10s, at-most: 2 }");
        assertThat(verdicts(stage, "a", 0, 1, 1, 1, 2, 1, 10, 1))
                .containsExactly(Verdict.PASS, Verdict.PASS, Verdict.FILTERED, Verdict.PASS);
    }

    @Test
    void throttle_clockSetBack_beginsAnew() {
        Stage stage = stream.stage("- throttle: { every: 10s }");
        assertThat(verdicts(stage, "a", 1000, 1, 995, 1, 20, 1))
                .containsExactly(Verdict.PASS, Verdict.FILTERED, Verdict.PASS);
    }

    @Test
    void compile_mistakesOfEveryKind_areAllFoundWithTheirPlaces() {
        List<String> mistakes = stream.mistakes("""
                          - validate: temperature + 1.0
                          - filter: "humidity > 'x'"
                          - map: { time: temperature, list: "[1, 2]" }
                          - dedupe: { by: [] }
                          - on-change: { fields: [temperature], dead-band: wide }
                          - window: { tumbling: 10m, as: w, emit: { t: temperature, m: mean(temperature } }
                          - window: { as: w, emit: { m: median(temperature) } }
                        """).stream()
                .map(problem ->
                        problem.location().line() + ":" + problem.location().column())
                .toList();
        assertThat(mistakes)
                .containsExactly("2:27", "3:23", "4:18", "4:38", "5:19", "6:52", "7:48", "7:80", "8:5", "8:33", "8:40");
    }

    @Test
    void compile_overflowOfALaterVersion_isRefusedByName() {
        assertThat(stream.mistakes("- { filter: temperature > 1.0, overflow: shed }").stream()
                        .map(problem -> problem.message()))
                .singleElement()
                .asString()
                .contains("\"shed\" is not in this version");
    }

    @Test
    void objection_reservedNamesAndWords_areRefused() {
        assertThat(StreamScope.objection("device")).isPresent();
        assertThat(StreamScope.objection("in")).isPresent();
        assertThat(StreamScope.objection("temperature")).isEmpty();
    }

    @Test
    void worstCaseBytes_growsWithTheKeys() {
        for (String stage : List.of(
                "throttle: { every: 1s, keys: %d }",
                "dedupe: { keys: %d }",
                "on-change: { fields: [t], keys: %d }",
                "window: { tumbling: 1m, as: w, emit: { n: count() }, keys: %d }")) {
            long small = stream.stage("- " + String.format(stage, 10)).worstCaseBytes();
            long large = stream.stage("- " + String.format(stage, 1000)).worstCaseBytes();
            assertThat(large).as(stage).isEqualTo(small * 100).isPositive();
        }
    }
}
