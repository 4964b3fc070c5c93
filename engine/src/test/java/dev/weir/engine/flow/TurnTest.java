package dev.weir.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.runtime.Context;
import dev.weir.runtime.supervise.Child;
import dev.weir.runtime.supervise.ChildContext;
import dev.weir.runtime.supervise.Supervisor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a run leaves, wherever it is when it is given up.
@Timeout(60)
class TurnTest {
    private final Supervisor supervisor = Supervisor.named("test").build();
    private final CompletableFuture<ChildContext> child = new CompletableFuture<>();
    private final Inbox<String> inbox = new Inbox<>(64, Overflow.DROP_OLDEST, _ -> {});
    private final Barrier barrier = new Barrier(2, true);
    private final List<String> lost = new ArrayList<>();
    private final Halt halt = new Halt();

    @BeforeEach
    void start() {
        supervisor.start(Context.background());
        supervisor.add(Child.named("run", context -> {
            child.complete(context);
            context.context().await();
        }));
    }

    @AfterEach
    void stop() throws InterruptedException {
        supervisor.stop();
    }

    private Turn<String> turn() throws Exception {
        return new Turn<>(inbox, child.get(20, TimeUnit.SECONDS), halt, lost::add);
    }

    /// One that has taken A B | C D.
    private Turn<String> begun() throws Exception {
        for (String element : List.of("A", "B")) {
            inbox.tryPut(element);
        }
        inbox.put(barrier);
        for (String element : List.of("C", "D")) {
            inbox.tryPut(element);
        }
        Turn<String> turn = turn();
        assertThat(turn.receive(64)).isTrue();
        assertThat(turn.batch()).containsExactly("A", "B", barrier, "C", "D");
        return turn;
    }

    @Test
    void end_beforeTheFirstElement_leavesAll() throws Exception {
        assertThat(begun().end()).isEqualTo(new Rest<>(List.of("A", "B", barrier, "C", "D"), null, 0));
    }

    @Test
    void end_duringAnElement_leavesItApart() throws Exception {
        Turn<String> turn = begun();
        turn.reach(0);
        turn.hand().done(1);
        turn.reach(1);
        assertThat(turn.end()).isEqualTo(new Rest<>(List.of(barrier, "C", "D"), "B", 0));
    }

    @Test
    void end_afterAnElement_leavesWhatIsBehindIt() throws Exception {
        Turn<String> turn = begun();
        turn.reach(0);
        turn.hand().done(1);
        assertThat(turn.end()).isEqualTo(new Rest<>(List.of("B", barrier, "C", "D"), null, 0));
    }

    @Test
    void end_whileAReadingIsResumed_saysSo() throws Exception {
        Turn<String> turn = begun();
        turn.reach(0);
        turn.hand().resume();
        Rest<String> rest = turn.end();
        assertThat(rest).isEqualTo(new Rest<>(List.of("B", barrier, "C", "D"), "A", 1));
        assertThat(rest.lost()).isEqualTo(2);
    }

    @Test
    void end_afterHalfOfThemWereCountedOffTogether_leavesTheOtherHalf() throws Exception {
        Turn<String> turn = begun();
        turn.hand().done(1);
        assertThat(turn.end()).isEqualTo(new Rest<>(List.of("B", barrier, "C", "D"), null, 0));
    }

    @Test
    void end_atABarrier_abandonsItAndLeavesWhatIsBehind() throws Exception {
        Turn<String> turn = begun();
        turn.hand().done(2);
        turn.reach(2);
        assertThat(turn.arrive(barrier)).isFalse();
        assertThat(turn.end()).isEqualTo(new Rest<>(List.of("C", "D"), null, 0));
        assertThat(barrier.await()).isFalse();
        assertThat(barrier.isFinishing()).isFalse();
    }

    @Test
    void end_behindABarrier_leavesItAlone() throws Exception {
        Turn<String> turn = begun();
        turn.hand().done(2);
        turn.reach(2);
        barrier.arrive();
        assertThat(turn.arrive(barrier)).isTrue();
        turn.leave(barrier);
        assertThat(turn.end()).isEqualTo(new Rest<>(List.of("C", "D"), null, 0));
        assertThat(barrier.await()).isTrue();
    }

    @Test
    void end_theSecondTime_leavesNothing() throws Exception {
        Turn<String> turn = begun();
        turn.end();
        assertThat(turn.inHand()).isZero();
        assertThat(turn.end().batch()).doesNotContain("A", "B", "C", "D");
    }

    @Test
    void adopted_rest_isInHandAndLeftAgain() throws Exception {
        Turn<String> turn = turn();
        turn.adopt(begun().end().batch());
        assertThat(turn.inHand()).isEqualTo(4);
        turn.reach(0);
        assertThat(turn.end()).isEqualTo(new Rest<>(List.of("B", barrier, "C", "D"), "A", 0));
    }

    @Test
    void receive_afterItWasGivenUp_givesWhatItHasTakenBack() throws Exception {
        Turn<String> turn = turn();
        turn.end();
        inbox.tryPut("A");
        inbox.put(barrier);
        assertThatThrownBy(() -> turn.receive(64)).isInstanceOf(InHand.Replaced.class);
        assertThat(lost).containsExactly("A");
        assertThat(barrier.await()).isFalse();
    }

    @Test
    void receive_withABarrierOvertaken_takesItBeforeTheOthers() throws Exception {
        inbox.put(barrier);
        for (int i = 0; i < 64; i++) {
            inbox.tryPut("A" + i);
        }
        Turn<String> turn = turn();
        assertThat(turn.receive(64)).isTrue();
        assertThat(turn.batch()).containsExactly(barrier);
        assertThat(turn.inHand()).isZero();
        assertThat(turn.receive(64)).isTrue();
        assertThat(turn.batch()).hasSize(64).startsWith("A0");
    }

    @Test
    void receive_whenTheChildIsToEnd_takesNothing() throws Exception {
        Turn<String> turn = turn();
        inbox.tryPut("A");
        supervisor.stop();
        assertThatThrownBy(() -> turn.receive(64)).isInstanceOf(InHand.Replaced.class);
        assertThat(inbox.length()).isOne();
    }

    @Test
    void receive_whenTheFlowEnds_takesNothing() throws Exception {
        Turn<String> turn = turn();
        inbox.tryPut("A");
        supervisor.stop();
        halt.call();
        assertThat(turn.receive(64)).isFalse();
    }
}
