package dev.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Who has a processor when it is laid down or taken; the interleavings are those that the models in
/// runtime/proofs have found. The carriers are never started.
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
        assertThat(processor.retake(from, processor.tick(), to)).isTrue();

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

        assertThat(processor.retake(from, seen, to)).isFalse();

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
        assertThat(processor.retake(from, processor.tick(), to)).isTrue();

        assertThat(processor.poll(from)).isSameAs(Processor.LOST);
        assertThat(processor.push(from, Lane.SAMPLE, () -> {}, false)).isEqualTo(-1);
        assertThat(processor.poll(to)).isSameAs(turn);
    }

    @Test
    void retake_thatCameTooLate_givesTheCarrierBack() {
        var home = new Processors("test", 1, 2);
        var carrier = new Carrier(home, "carrier");
        var processor = idleOf(home, carrier);

        home.retake(processor, carrier, processor.tick() - 1);

        assertThat(home.carriers()).isZero();
        assertThat(home.retaken()).isZero();
        assertThat(processor.owner()).isEqualTo(carrier);
    }
}
