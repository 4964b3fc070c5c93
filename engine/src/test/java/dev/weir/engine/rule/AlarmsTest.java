package dev.weir.engine.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Latest.Subscription;
import dev.weir.runtime.Lane;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlarmsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final Alarms alarms = new Alarms(2, InstantSource.fixed(NOW));
    private final List<AlarmEvent> told = new ArrayList<>();
    private final Subscription subscription = alarms.listen(told::add);

    private static Alarm alarm(String id, Severity severity, int second) {
        Instant raised = Instant.parse("2010-05-09T00:00:00Z").plusSeconds(second);
        return new Alarm(
                id, "hot", "m-" + id, "climate", severity, "hot", Lane.ALARM, raised, null, null, null, null, 1);
    }

    private void raise(String id, Severity severity, int second) {
        alarms.accept(new AlarmEvent.Raised(alarm(id, severity, second)));
    }

    @Test
    void accept_raisedThenCleared_leavesTheBookAndTellsBoth() {
        raise("a", Severity.HIGH, 0);
        assertThat(alarms.active()).hasSize(1);
        alarms.accept(new AlarmEvent.Cleared(alarm("a", Severity.HIGH, 0).cleared(NOW)));
        assertThat(alarms.active()).isEmpty();
        assertThat(told).hasSize(2).last().isInstanceOf(AlarmEvent.Cleared.class);
    }

    @Test
    void acknowledge_activeAlarm_notesWhoAndWhenOnce() {
        raise("a", Severity.HIGH, 0);
        Alarm acknowledged = alarms.acknowledge("a", "ana").orElseThrow();
        assertThat(acknowledged.acknowledgedBy()).isEqualTo("ana");
        assertThat(acknowledged.acknowledgedAt()).isEqualTo(NOW);
        assertThat(alarms.acknowledge("a", "bob").orElseThrow().acknowledgedBy())
                .isEqualTo("ana");
        assertThat(told).hasSize(2);
    }

    @Test
    void acknowledge_unknownAlarm_isEmpty() {
        assertThat(alarms.acknowledge("a", "ana")).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void accept_changesAfterAcknowledgement_keepIt() {
        raise("a", Severity.HIGH, 0);
        alarms.acknowledge("a", "ana");
        alarms.accept(new AlarmEvent.Peaked(alarm("a", Severity.HIGH, 0).progressed(35.0, 2)));
        alarms.accept(new AlarmEvent.Cleared(alarm("a", Severity.HIGH, 0).cleared(NOW)));
        assertThat(told).extracting(event -> event.alarm().acknowledgedBy()).containsExactly(null, "ana", "ana", "ana");
    }

    @Test
    void accept_moreThanTheLimit_losesTheMildest() {
        raise("a", Severity.HIGH, 0);
        raise("b", Severity.LOW, 1);
        raise("c", Severity.MEDIUM, 2);
        assertThat(alarms.active()).extracting(Alarm::id).containsExactly("a", "c");
        assertThat(alarms.lost()).isEqualTo(1);
        assertThat(told)
                .last()
                .isInstanceOfSatisfying(
                        AlarmEvent.Lost.class,
                        lost -> assertThat(lost.alarm().id()).isEqualTo("b"));
    }

    @Test
    void restore_activeAlarms_areInTheBookAndNobodyIsTold() {
        alarms.restore(List.of(
                alarm("a", Severity.HIGH, 0), alarm("b", Severity.LOW, 1).cleared(NOW)));
        assertThat(alarms.active()).extracting(Alarm::id).containsExactly("a");
        assertThat(alarms.find("a")).isPresent();
        assertThat(told).isEmpty();
    }

    @Test
    void listen_closedSubscription_isToldNoMore() {
        subscription.close();
        raise("a", Severity.HIGH, 0);
        assertThat(told).isEmpty();
    }
}
