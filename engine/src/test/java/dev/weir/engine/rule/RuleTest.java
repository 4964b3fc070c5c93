package dev.weir.engine.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Command;
import dev.weir.engine.Connector;
import dev.weir.engine.Connector.ActionType;
import dev.weir.engine.Reading;
import dev.weir.engine.Template;
import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problem;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import dev.weir.engine.stage.TestStream;
import dev.weir.runtime.Lane;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RuleTest {
    private static final ActionType PUBLISH = new ActionType(
            "publish",
            "topic",
            Template.Place.TOPIC,
            Shape.of("Publishes.", Option.required("topic", new Kind.Template(), "where to")),
            new Connector.Delivery("at most once", "a crash"),
            (options, surroundings, problems) -> command -> {});

    private final TestStream stream = new TestStream("temperature");
    private final RecordedEffects effects = new RecordedEffects();

    static Optional<Rule> compile(TestStream stream, String name, String yaml, Problems problems) {
        Section section = TestStream.check(yaml, RuleShape.of(List.of(PUBLISH)), problems);
        return Rule.compile(name, section, stream.scope(), Map.of("publish", PUBLISH), problems);
    }

    static Rule rule(TestStream stream, String name, String yaml) {
        Problems problems = new Problems();
        Optional<Rule> rule = compile(stream, name, yaml, problems);
        assertThat(problems.all()).isEmpty();
        return rule.orElseThrow();
    }

    private Rule hot(String more) {
        return rule(
                stream,
                "too-hot",
                "on: climate\nwhen: temperature > 30.0\n" + more
                        + "\ndo:\n  - raise: { text: \"{device}: {temperature} °C\" }\n");
    }

    private void feed(Rule rule, double... secondsAndValues) {
        for (int i = 0; i < secondsAndValues.length; i += 2) {
            rule.evaluate(stream.at("m-1", secondsAndValues[i], "temperature", secondsAndValues[i + 1]), effects);
        }
    }

    @Test
    void evaluate_withoutUntil_clearsWhenConditionNoLongerHolds() {
        feed(hot(""), 0, 31, 5, 30, 10, 32, 15, 33);
        assertThat(effects.kinds()).containsExactly("Raised", "Cleared", "Raised");
    }

    @Test
    void evaluate_withUntil_staysRaisedBetweenTheThresholds() {
        feed(hot("until: temperature < 28.0"), 0, 31, 5, 29, 10, 31, 15, 27.9);
        assertThat(effects.kinds()).containsExactly("Raised", "Cleared");
        assertThat(effects.alarms.getLast().alarm().readings()).isEqualTo(3);
    }

    @Test
    void evaluate_withFor_raisesAtFirstReadingAtOrAfterTheSpan() {
        feed(hot("for: 10s"), 0, 31, 9, 31, 10, 31);
        assertThat(effects.alarms).hasSize(1);
        assertThat(effects.alarms.getFirst().alarm().raisedAt()).isEqualTo(Instant.parse("2010-05-09T00:00:10Z"));
    }

    @Test
    void evaluate_conditionInterruptedDuringFor_beginsAnew() {
        feed(hot("for: 10s"), 0, 31, 5, 29, 6, 31, 12, 31);
        assertThat(effects.alarms).isEmpty();
    }

    @Test
    void evaluate_duringCooldown_doesNotRaiseAgain() {
        feed(hot("cooldown: 60s"), 0, 31, 5, 20, 10, 31, 64, 31, 65, 31);
        assertThat(effects.kinds()).containsExactly("Raised", "Cleared", "Raised");
        assertThat(effects.alarms.getLast().alarm().raisedAt()).isEqualTo(Instant.parse("2010-05-09T00:01:05Z"));
    }

    @Test
    void evaluate_eachDevice_hasMemoryOfItsOwn() {
        Rule rule = hot("for: 10s");
        rule.evaluate(stream.at("m-1", 0, "temperature", 31), effects);
        rule.evaluate(stream.at("m-2", 10, "temperature", 31), effects);
        assertThat(effects.alarms).isEmpty();
        rule.evaluate(stream.at("m-1", 10, "temperature", 31), effects);
        assertThat(effects.alarms.getFirst().alarm().device()).isEqualTo("m-1");
    }

    @Test
    void evaluate_readingWithoutTheField_changesNothing() {
        Rule rule = hot("");
        feed(rule, 0, 31);
        rule.evaluate(stream.at("m-1", 5), effects);
        feed(rule, 10, 32);
        assertThat(effects.kinds()).containsExactly("Raised");
        assertThat(rule.counts()).containsEntry("skipped", 1L);
        assertThat(effects.failures).isEmpty();
    }

    @Test
    void evaluate_fieldOfWrongType_isToldAndChangesNothing() {
        Rule rule = rule(stream, "loud", "on: climate\nwhen: level > 3.0\ndo:\n  - raise: { text: loud }\n");
        Reading reading = stream.at("m-1", 0);
        reading.set(stream.schema().slot("level"), "high");
        rule.evaluate(reading, effects);
        assertThat(effects.alarms).isEmpty();
        assertThat(effects.failures).singleElement().asString().startsWith("loud when: wrong-type");
    }

    @Test
    void evaluate_trackedFieldOfLessCondition_keepsTheMinimum() {
        Rule rule = rule(stream, "cold", """
                on: climate
                when: 5.0 >= temperature
                track: temperature
                do: [ { raise: { text: cold } } ]
                """);
        feed(rule, 0, 4, 5, 2, 10, 3, 15, 9);
        assertThat(effects.kinds()).containsExactly("Raised", "Peaked", "Cleared");
        assertThat(effects.alarms.getLast().alarm().peak()).isEqualTo(2.0);
    }

    @Test
    void evaluate_trackWithKeep_keepsWhatItSays() {
        feed(hot("track: { field: temperature, keep: min }"), 0, 33, 5, 31, 10, 32, 15, 9);
        assertThat(effects.alarms.getLast().alarm().peak()).isEqualTo(31.0);
    }

    private static final String FAN = """
            on: climate
            when: temperature > 30.0
            do:
              - publish: { topic: "house/{device}/fan", payload: '{"on":true,"t":{temperature}}', expires: 10s }
            otherwise:
              - publish: { topic: "house/{device}/fan" }
            """;

    @Test
    void evaluate_raisedAndCleared_sendsCommandsOfBoth() {
        Rule rule = rule(stream, "fan", FAN);
        feed(rule, 0, 31, 5, 20.5);
        Command on = effects.commands.get(0);
        assertThat(on.address()).isEqualTo("house/m-1/fan");
        assertThat(on.payload()).isEqualTo("{\"on\":true,\"t\":31}");
        assertThat(on.lane()).isEqualTo(Lane.ALARM);
        assertThat(on.expires()).isEqualTo(Instant.parse("2010-05-09T00:00:10.000000001Z"));
        assertThat(effects.commands.get(1).payload())
                .contains("\"device\":\"m-1\",\"time\":\"2010-05-09T00:00:05Z\"", "\"temperature\":20.5");
        assertThat(effects.alarms).isEmpty();
        assertThat(rule.sends()).hasSize(2);
    }

    @Test
    void evaluate_sameReadingsAgain_sameIds() {
        feed(rule(stream, "fan", FAN), 0, 31, 5, 20, 10, 31);
        List<String> first = effects.commands.stream().map(Command::id).toList();
        effects.commands.clear();
        feed(rule(stream, "fan", FAN), 0, 31, 5, 20, 10, 31);
        assertThat(effects.commands.stream().map(Command::id)).containsExactlyElementsOf(first);
        assertThat(first).doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9a-f]{32}"));
    }

    @Test
    void evaluate_deviceThatDoesNotFitTheTopic_isToldAndTheRestIsDone() {
        Rule rule = rule(stream, "fan", FAN + "lane: state\n");
        rule.evaluate(stream.at("a/b", 0, "temperature", 31), effects);
        assertThat(effects.commands).isEmpty();
        assertThat(effects.failures).singleElement().asString().startsWith("fan do.0: ");
        assertThat(rule.counts()).containsEntry("unfit", 1L).containsEntry("raised", 1L);
    }

    @Test
    void evaluate_alarmTextThatCannotBeFilled_raisesAllTheSame() {
        Problems problems = new Problems();
        Rule rule = compile(
                        stream,
                        "hot",
                        "on: climate\nwhen: temperature > 30.0\ndo:\n  - raise: { text: \"in {room}\" }\n",
                        problems)
                .orElseThrow();
        assertThat(problems.all()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(Problem.Severity.WARNING);
            assertThat(problem.message()).contains("'room'");
        });
        feed(rule, 0, 31);
        assertThat(effects.alarms.getFirst().alarm().text()).isEqualTo("in {room}");
        assertThat(effects.failures).hasSize(1);
    }

    @Test
    void restore_activeAlarm_isNotRaisedAgainAndIsCleared() {
        feed(hot("track: temperature"), 0, 31, 5, 35);
        Alarm active = effects.alarms.getLast().alarm();
        effects.alarms.clear();
        Rule next = hot("track: temperature");
        next.restore(active);
        feed(next, 10, 34, 15, 20);
        assertThat(effects.kinds()).containsExactly("Cleared");
        Alarm cleared = effects.alarms.getFirst().alarm();
        assertThat(cleared.id()).isEqualTo(active.id());
        assertThat(cleared.peak()).isEqualTo(35.0);
        assertThat(cleared.readings()).isEqualTo(3);
    }

    @Test
    void evaluate_moreRaisedDevicesThanKeys_losesTheOneHeardLeastRecently() {
        Rule rule = hot("keys: 2");
        for (String device : List.of("a", "b", "a", "c")) {
            rule.evaluate(stream.at(device, 0, "temperature", 31), effects);
        }
        assertThat(effects.kinds()).containsExactly("Raised", "Raised", "Lost", "Raised");
        assertThat(effects.alarms.get(2).alarm().device()).isEqualTo("b");
        assertThat(rule.counts()).containsEntry("evicted", 1L);
    }

    @Test
    void evaluate_calmDevices_needNoMemory() {
        Rule rule = hot("keys: 1");
        for (int i = 0; i < 100; i++) {
            rule.evaluate(stream.at("m-" + i, i, "temperature", 20), effects);
        }
        assertThat(rule.counts()).containsEntry("evicted", 0L);
    }

    @Test
    void compile_severalMistakes_allAreFoundInOneRunWithTheirPlaces() {
        Problems problems = new Problems();
        Optional<Rule> rule = compile(stream, "bad", """
                on: climate
                when: temperature > "hot"
                until: 'temperature <'
                do:
                  - raise: { text: a }
                  - raise: { text: b }
                otherwise:
                  - raise: { text: c }
                """, problems);
        assertThat(rule).isEmpty();
        assertThat(problems.all().stream()
                        .map(problem -> problem.location().line() + ":"
                                + problem.location().column()))
                .containsExactly("2:19", "3:22", "6:5", "8:5");
    }

    @Test
    void evaluate_alarm_saysWhatTheConfigSays() {
        feed(hot(""), 0, 31);
        Alarm alarm = effects.alarms.getFirst().alarm();
        assertThat(alarm.text()).isEqualTo("m-1: 31 °C");
        assertThat(alarm.severity()).isEqualTo(Severity.MEDIUM);
        assertThat(alarm.stream()).isEqualTo("climate");
        assertThat(alarm.isActive()).isTrue();
        assertThat(alarm.peak()).isNull();
        assertThat(Objects.requireNonNull(alarm.id())).hasSize(32);
    }
}
