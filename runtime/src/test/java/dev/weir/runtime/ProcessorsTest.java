package dev.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Who has a processor when it is laid down or taken; the interleavings are those that the models
/// in runtime/proofs have found. The carriers are never started.
final class ProcessorsTest {
    private static Processor idleOf(Processors home, Carrier carrier) {
        return Objects.requireNonNull(home.processorOrRest(carrier));
    }

    @Test
    void rest_withOwnProcessor_makesItIdle() {
        var home = new Processors("test", 1, 2);
        var carrier = new Carrier(home, "carrier");
        var processor = idleOf(home, carrier);

        assertThat(home.rest(carrier, processor)).isTrue();

        assertThat(processor.owner()).isNull();
        assertThat(home.isIdle()).isTrue();
    }

    @Test
    void rest_withProcessorThatWasTaken_leavesItToItsNewOwner() {
        var home = new Processors("test", 1, 2);
        var from = new Carrier(home, "from");
        var to = new Carrier(home, "to");
        var processor = idleOf(home, from);
        assertThat(processor.retake(from, processor.tick(), to, true)).isTrue();

        assertThat(home.rest(from, processor)).isFalse();

        assertThat(processor.owner()).isEqualTo(to);
        assertThat(home.hasIdle()).isFalse();
    }

    @Test
    void rest_whileATurnWaits_keepsTheProcessor() {
        var home = new Processors("test", 1, 2);
        var carrier = new Carrier(home, "carrier");
        var processor = idleOf(home, carrier);
        home.put(Lane.SAMPLE, () -> {});

        assertThat(home.rest(carrier, processor)).isFalse();

        assertThat(processor.owner()).isEqualTo(carrier);
    }

    @Test
    void retake_afterTheTurnWasDone_isRefused() {
        var home = new Processors("test", 1, 2);
        var from = new Carrier(home, "from");
        var to = new Carrier(home, "to");
        var processor = idleOf(home, from);
        long seen = processor.tick();
        assertThat(processor.push(from, Lane.SAMPLE, () -> {}, false)).isEqualTo(1);
        assertThat(processor.poll(from)).isNotNull();

        assertThat(processor.retake(from, seen, to, true)).isFalse();

        assertThat(processor.owner()).isEqualTo(from);
    }

    @Test
    void poll_byWhoHasLostTheProcessor_takesNothing() {
        var home = new Processors("test", 1, 2);
        var from = new Carrier(home, "from");
        var to = new Carrier(home, "to");
        var processor = idleOf(home, from);
        Runnable turn = () -> {};
        processor.push(from, Lane.SAMPLE, turn, false);
        assertThat(processor.retake(from, processor.tick(), to, true)).isTrue();

        assertThat(processor.poll(from)).isSameAs(Processor.LOST);
        assertThat(processor.push(from, Lane.SAMPLE, () -> {}, false)).isEqualTo(-1);
        assertThat(processor.poll(to)).isSameAs(turn);
    }

    @Test
    void lend_whileTheTurnRuns_comesBackAfterTheAlarms() {
        var home = new Processors("test", 1, 2);
        var from = new Carrier(home, "from");
        var to = new Carrier(home, "to");
        var processor = idleOf(home, from);
        Runnable alarm = () -> {};
        Runnable sample = () -> {};
        processor.push(from, Lane.SAMPLE, sample, false);
        processor.push(from, Lane.ALARM, alarm, true);
        assertThat(processor.hasAlarm()).isTrue();

        assertThat(processor.lend(from, processor.tick(), to)).isTrue();
        assertThat(processor.pollAlarm(to)).isSameAs(alarm);
        assertThat(processor.pollAlarm(to)).isNull();
        assertThat(processor.giveBack(to)).isTrue();

        assertThat(processor.owner()).isEqualTo(from);
        assertThat(processor.poll(from)).isSameAs(sample);
        assertThat(home.detached).hasValue(0);
    }

    @Test
    void giveBack_toWhoHasEndedItsTurn_isRefused() {
        var home = new Processors("test", 1, 2);
        var from = new Carrier(home, "from");
        var to = new Carrier(home, "to");
        var processor = idleOf(home, from);
        assertThat(processor.lend(from, processor.tick(), to)).isTrue();
        assertThat(processor.poll(from)).isSameAs(Processor.LOST);

        assertThat(processor.giveBack(to)).isFalse();

        assertThat(processor.owner()).isEqualTo(to);
    }

    @Test
    void pollAlarm_afterTheLenderHasEndedItsTurn_leavesAllTurnsToPoll() {
        var home = new Processors("test", 1, 2);
        var from = new Carrier(home, "from");
        var to = new Carrier(home, "to");
        var processor = idleOf(home, from);
        Runnable alarm = () -> {};
        processor.push(from, Lane.ALARM, alarm, false);
        assertThat(processor.lend(from, processor.tick(), to)).isTrue();
        assertThat(processor.poll(from)).isSameAs(Processor.LOST);

        assertThat(processor.pollAlarm(to)).isNull();

        assertThat(processor.isLent()).isFalse();
        assertThat(processor.poll(to)).isSameAs(alarm);
    }

    @Test
    void rest_withProcessorThatIsLent_leavesItToWhoHasBorrowedIt() {
        var home = new Processors("test", 1, 2);
        var from = new Carrier(home, "from");
        var to = new Carrier(home, "to");
        var processor = idleOf(home, from);
        assertThat(processor.lend(from, processor.tick(), to)).isTrue();

        assertThat(home.rest(from, processor)).isFalse();

        assertThat(processor.giveBack(to)).isFalse();
        assertThat(processor.owner()).isEqualTo(to);
        assertThat(home.hasIdle()).isFalse();
    }

    @Test
    void retake_fromWhoHasBorrowedIt_leavesTheLenderOnItsOwn() {
        var home = new Processors("test", 1, 3);
        var from = new Carrier(home, "from");
        var to = new Carrier(home, "to");
        var third = new Carrier(home, "third");
        var processor = idleOf(home, from);
        assertThat(processor.lend(from, processor.tick(), to)).isTrue();
        assertThat(processor.lend(to, processor.tick(), third))
                .as("it is lent already")
                .isFalse();

        assertThat(processor.retake(to, processor.tick(), third, true)).isTrue();

        assertThat(home.detached).hasValue(2);
        assertThat(processor.giveBack(third)).isFalse();
        assertThat(processor.giveBack(to)).isFalse();
        assertThat(processor.owner()).isEqualTo(third);
    }

    @Test
    void retake_thatCameTooLate_givesTheCarrierBack() {
        var home = new Processors("test", 1, 2);
        var carrier = new Carrier(home, "carrier");
        var processor = idleOf(home, carrier);

        home.retake(processor, carrier, processor.tick() - 1, true);

        assertThat(home.carriers()).isZero();
        assertThat(home.counters.retaken.sum()).isZero();
        assertThat(processor.owner()).isEqualTo(carrier);
    }
}
