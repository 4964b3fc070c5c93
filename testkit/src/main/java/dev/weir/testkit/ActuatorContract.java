package dev.weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.Actuator;
import dev.weir.engine.Command;
import dev.weir.runtime.Lane;
import dev.weir.testkit.ActuatorRig.Feature;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What every actuator does, against its real peer: above all, nothing is carried out twice.
@Timeout(60)
public abstract class ActuatorContract {
    private static final String DEVICE = "d1";

    @TempDir
    Path folder;

    private ActuatorRig rig;
    private Actuator actuator;

    /// Makes the peer for one test.
    protected abstract ActuatorRig rig() throws Exception;

    @BeforeEach
    final void begin() throws Exception {
        rig = rig();
        actuator = rig.make(TestSurroundings.of("contract", data()));
    }

    @AfterEach
    final void end() throws Exception {
        try {
            actuator.close();
        } finally {
            rig.close();
        }
    }

    @Test
    void construct_touchesNothingOutside() throws Exception {
        assertThat(data()).doesNotExist();
        assertThat(LiveThreads.named(rig.threads())).isEmpty();
    }

    @Test
    void close_neverUsedOrTwice_returns() throws Exception {
        close();
        close();
    }

    @Test
    void close_used_endsAllThreads() throws Exception {
        execute(0);
        close();
        Eventually.until(
                "no thread is left of " + LiveThreads.named(rig.threads()),
                () -> LiveThreads.named(rig.threads()).isEmpty());
    }

    @Test
    void execute_commands_arriveOnceInOrder() throws Exception {
        for (int n = 0; n < 5; n++) {
            execute(n);
        }
        assertThat(rig.received()).containsExactly(message(0), message(1), message(2), message(3), message(4));
    }

    @Test
    void execute_whilePeerIsAway_failsAndIsNotCarriedOutLater() throws Exception {
        needs(Feature.PEER);
        execute(0);
        rig.peerAway();
        assertThatThrownBy(() -> execute(1))
                .isInstanceOf(IOException.class)
                .message()
                .isNotBlank();
        rig.peerBack();
        Eventually.until("the peer that is back takes a command", () -> {
            try {
                execute(2);
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
        assertThat(rig.received()).doesNotContain(message(1)).endsWith(message(2));
    }

    @Test
    void interrupt_whileExecuteBlocks_endsItAndLeavesTheActuatorUsable() throws Exception {
        Background executing = hangingCommand();
        executing.interrupt();
        assertThat(executing.outcome()).isInstanceOfAny(InterruptedException.class, IOException.class);
        rig.recover();
        execute(1);
        assertThat(rig.received()).last().isEqualTo(message(1));
    }

    @Test
    void close_whileExecuteBlocks_endsBoth() throws Exception {
        Background executing = hangingCommand();
        close();
        assertThat(executing.outcome()).isInstanceOfAny(IOException.class, InterruptedException.class);
    }

    private Background hangingCommand() throws Exception {
        needs(Feature.HANG);
        rig.hang();
        Background executing = Background.start("execute", () -> execute(0));
        Eventually.until("the actuator waits for the peer", rig::hangs);
        assertThat(executing.isRunning()).isTrue();
        return executing;
    }

    @Test
    void execute_afterClose_failsAndDoesNothing() throws Exception {
        execute(0);
        close();
        assertThatThrownBy(() -> execute(1)).isInstanceOf(IOException.class);
        assertThat(rig.received()).containsExactly(message(0));
    }

    private Path data() {
        return folder.resolve("contract");
    }

    private void close() throws InterruptedException {
        Background.start("close", actuator::close).join();
    }

    private void needs(Feature feature) {
        Skipped.without(feature, rig.without());
    }

    private static Numbered message(int n) {
        return new Numbered(DEVICE, n);
    }

    private void execute(int n) throws IOException, InterruptedException {
        actuator.execute(new Command(
                "contract-" + n,
                "contract",
                DEVICE,
                rig.address(DEVICE),
                message(n).json(),
                Instant.now().plusSeconds(600),
                Lane.ALARM));
    }
}
