package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.weir.engine.flow.Commands;
import dev.weir.engine.flow.Ledger;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.FaultyStage;
import dev.weir.testkit.FaultyWebServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A node whose stages throw, hang, spin, leak and allocate, whose sinks refuse, stall and reset,
/// and whose sources flap, all at random; and what its other parts notice of it.
///
/// It runs once, for a minute, or half an hour with `-Dweir.long=true`, or as
/// `-Dweir.chaos=SECONDS` says; each test looks at one side of what came out. `-Dweir.seed=N`
/// repeats the choices, and
/// `-Dweir.scheduler=jdk` takes the JDK's scheduler. What the neighbours' latency was beside its
/// quiet value is printed, and written to `target/chaos.csv`.
@Timeout(value = 2700)
class ChaosIT {
    private static final int SECONDS = Integer.getInteger("weir.chaos", Boolean.getBoolean("weir.long") ? 1800 : 60);

    /// What the garbage of clients, servers and the test itself may make the heap look larger.
    private static final long NOISE = 24 << 20;

    private static ChaosRun run;

    @BeforeAll
    static void suffer(@TempDir Path folder) throws Exception {
        long seed = Long.getLong("weir.seed", System.nanoTime());
        System.out.println("ChaosIT: " + SECONDS + " s, -Dweir.seed=" + seed);
        run = new ChaosRun(folder, seed, Duration.ofSeconds(SECONDS));
        run.play();
    }

    @AfterAll
    static void end() throws Exception {
        if (run != null) {
            run.close();
        }
    }

    @Test
    void neighbours_ofPartsThatFail_loseNothingAndKeepOrder() {
        assertThat(run.node.arrivals.complaints()).isEmpty();
        assertThat(run.calm)
                .isNotEmpty()
                .allSatisfy(device -> assertThat(run.node.arrivals.of(device.name()))
                        .as(device.name())
                        .isEqualTo(new Arrivals.Line(device.acknowledged(), 0)));
        assertThat(run.ledger.streams())
                .filteredOn(line -> line.stream().equals("calm"))
                .singleElement()
                .isEqualTo(completed("calm", total(run.calm)));
    }

    private static long total(List<SteadyDevice> devices) {
        return devices.stream().mapToLong(SteadyDevice::acknowledged).sum();
    }

    private static Ledger.StreamLine completed(String stream, long readings) {
        return new Ledger.StreamLine(stream, false, readings, readings, 0, 0, Map.of(), Map.of(), 0);
    }

    @Test
    void sources_thatFlap_deliverAllThatWasAcknowledgedInOrder() {
        assertThat(run.flapping).isNotEmpty().allSatisfy(device -> {
            Arrivals.Line line = run.node.arrivals.of(device.name());
            assertThat(line.next()).as(device.name()).isEqualTo(device.acknowledged());
        });
        assertThat(run.node.arrivals.complaints()).isEmpty();
    }

    @Test
    void failures_ofAllParts_areCountedWithTheirReasons() {
        assertThat(run.ledger.balanced()).as(run.ledger.toString()).isTrue();
        assertThat(run.ledger.sources())
                .allSatisfy(line -> assertThat(line.rejected()).isEmpty());

        Ledger.StreamLine first = run.line("first");
        assertThat(first.deadLettered().keySet())
                .contains("stage-error", "timeout")
                .isSubsetOf(Set.of("stage-error", "timeout", "hung"));
        checkThrown(first, run.node.first);
        assertThat(first.dropped().keySet()).isSubsetOf(Set.of("overflow"));

        Ledger.StreamLine second = run.line("second");
        assertThat(second.deadLettered().keySet()).isSubsetOf(Set.of("stage-error", "hung"));
        checkThrown(second, run.node.second);
        assertThat(second.deadLettered().getOrDefault("hung", 0L))
                .isBetween(
                        1L,
                        run.node.second.hits(FaultyStage.Fault.HANG) + run.node.second.hits(FaultyStage.Fault.SPIN));
        assertThat(second.dropped()).isEmpty();
        assertThat(second.accepted()).isEqualTo(total(run.waiting));

        assertThat(run.line("ruled").deadLettered()).isEmpty();
        assertThat(run.node.rig.plan().rules().getFirst().counts().get("failed"))
                .isPositive();
        // A refusal that came too late was asked for again.
        assertThat(run.line("posted").deadLettered()).containsOnlyKeys("refused");
        assertThat(run.line("posted").deadLettered().get("refused"))
                .isBetween(1L, run.node.office.hits(FaultyWebServer.Fault.REFUSE));
        assertThat(run.line("out").deadLettered()).isEmpty();
        assertThat(List.of(first, second, run.line("posted"), run.line("out"), run.line("ruled")))
                .allSatisfy(line -> {
                    assertThat(line.completed()).isPositive();
                    assertThat(line.queued()).isZero();
                });
    }

    /// What was thrown too late, on a machine that stalled, is counted as `timeout` or `hung`.
    private static void checkThrown(Ledger.StreamLine line, FaultyStage stage) {
        Map<String, Long> dead = line.deadLettered();
        long late = dead.getOrDefault("timeout", 0L) + dead.getOrDefault("hung", 0L);
        assertThat(dead.getOrDefault("stage-error", 0L)).isBetween(thrown(stage) - late, thrown(stage));
    }

    /// How many readings the stage has answered with something thrown.
    private static long thrown(FaultyStage stage) {
        return stage.hits(FaultyStage.Fault.EXCEPTION)
                + stage.hits(FaultyStage.Fault.ERROR)
                + stage.hits(FaultyStage.Fault.NO_MEMORY)
                + stage.hits(FaultyStage.Fault.NO_STACK);
    }

    @Test
    void commands_toAnActuatorThatFails_areCountedWithTheirReasons() {
        Commands.Line line = run.commands;

        assertThat(line.balanced()).as(line.toString()).isTrue();
        assertThat(line.queued()).isZero();
        // One whose answer came too late was carried out and counts as failed.
        assertThat(line.done()).isBetween(1L, run.node.horn.hits(FaultyWebServer.Fault.NONE));
        assertThat(line.issued()).isGreaterThanOrEqualTo(run.node.horn.hits(FaultyWebServer.Fault.NONE));
        assertThat(line.failed()).containsOnlyKeys("unreachable");
        assertThat(line.dropped().keySet()).isSubsetOf(Set.of("overflow"));
    }

    @Test
    void stages_thatHangOrSpin_areReplacedAndNobodyElseIs() {
        assertThat(run.supervised.values())
                .allSatisfy(part -> assertThat(part.state()).isEqualTo("running"));
        assertThat(run.part("second").restarts()).isPositive();
        assertThat(List.of("calm", "flapping", "bridged", "ruled", "posted", "out", "plant", "office", "abroad"))
                .allSatisfy(name ->
                        assertThat(run.part(name)).as(name).isEqualTo(new NodeWatch.Part("running", 0, 0, List.of())));
    }

    @Test
    void stage_thatIgnoresInterruption_isAbandonedCountedAndNamedUntilItEnds() {
        // There those have no turn who would find out, until one of the stages has ended.
        assumeThat(ChaosRun.JDK).as("on the JDK's scheduler").isFalse();
        assertThat(run.watch.abandoned()).anyMatch(name -> name.startsWith("weir-second/"));
        assertThat(run.part("second").abandoned()).isPositive();
        assertThat(run.part("second").threads()).isEmpty();
    }

    @Test
    void health_whilePartsFail_isAnswered() {
        assertThat(run.watch.complaints()).isEmpty();
        assertThat(run.watch.latencies().count()).isPositive();
    }

    @Test
    void memory_afterPartsFailed_isBackAtItsBaseline() {
        assertThat(run.heapAfter).as("bytes; before it was %d", run.heapBefore).isLessThan(run.heapBefore + NOISE);
    }

    @Test
    void threads_afterPartsFailed_areBackAtTheirBaseline() {
        assertThat(run.moreThreads).as("before: %s", run.threadsBefore).isEmpty();
    }

    @Test
    void close_withPartsThatDoNotEnd_keepsItsDeadlineAndNamesThem() {
        // Twice the deadline, since the machine may stall.
        assertThat(run.closing).isLessThan(ChaosRun.DEADLINE.multipliedBy(2).plus(Eventually.PATIENCE));
        assertThat(run.left).isNotEmpty().allSatisfy(name -> assertThat(name).startsWith("flow: weir-second/"));
        assertThat(run.ledgerClosed.balanced()).as(run.ledgerClosed.toString()).isTrue();
        assertThat(run.threadsClosed).isEmpty();
    }
}
