package dev.weir.planted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weir.runtime.junit.InterleavingError;
import dev.weir.runtime.junit.Interleavings;
import dev.weir.runtime.junit.Interleavings.Scenario;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Mistakes that seeded schedules find, and what plain repetition finds of them.
@Timeout(60)
final class PlantedBugsTest {
    private static final int SCHEDULES = 1000;

    static Stream<Class<? extends Scenario>> broken() {
        return Stream.of(
                Broken.CheckThenAct.class,
                Broken.LostUpdate.class,
                Broken.LostWakeUp.class,
                Broken.LockOrder.class,
                Broken.MonitorOrder.class,
                Broken.DoubleClose.class,
                Broken.Semaphore.class,
                Broken.WrongNotify.class,
                Broken.IfInsteadOfWhile.class);
    }

    static Stream<Class<? extends Scenario>> right() {
        return Stream.of(
                Right.CheckThenAct.class,
                Right.LostUpdate.class,
                Right.LostWakeUp.class,
                Right.LockOrder.class,
                Right.MonitorOrder.class,
                Right.DoubleClose.class,
                Right.Semaphore.class,
                Right.WrongNotify.class,
                Right.IfInsteadOfWhile.class);
    }

    @ParameterizedTest
    @MethodSource("broken")
    void explore_ofAPlantedBug_findsItAndItsSeedReplaysIt(Class<? extends Scenario> scenario) {
        var explored = Interleavings.of(SCHEDULES);
        var found = catchThrowableOfType(InterleavingError.class, () -> explored.explore(scenario));
        assertThat(found).as("what %s fails with", scenario.getSimpleName()).isNotNull();
        System.out.println(scenario.getSimpleName() + ": "
                + found.getMessage().lines().findFirst().orElseThrow());

        var again = catchThrowableOfType(InterleavingError.class, () -> explored.replay(found.seed(), scenario));
        assertThat(again).as("the replay of %d", found.seed()).isNotNull();
        assertThat(again.seed()).isEqualTo(found.seed());
        assertThat(again.getCause()).isInstanceOf(found.getCause().getClass());
        assertThat(switches(again)).isEqualTo(switches(found));
    }

    private static String switches(InterleavingError error) {
        var message = error.getMessage();
        return message.substring(message.indexOf("the last switches"));
    }

    @ParameterizedTest
    @MethodSource("right")
    void explore_ofTheRightProgram_findsNothing(Class<? extends Scenario> scenario) {
        assertThatCode(() -> Interleavings.of(SCHEDULES).explore(scenario)).doesNotThrowAnyException();
    }

    /// Only says what it found: how often such bugs show depends on the machine. A second each in the
    /// long round, else a tenth of it.
    @ParameterizedTest
    @MethodSource("broken")
    void repetition_ofAPlantedBug_saysWhatItFinds(Class<? extends Scenario> scenario) throws Exception {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Boolean.getBoolean("weir.long") ? 1000 : 100);
        int runs = 0;
        String outcome = "found nothing";
        while (System.nanoTime() < until && outcome.equals("found nothing")) {
            runs++;
            var one = scenario.getDeclaredConstructor().newInstance();
            outcome = outcome(one);
        }
        System.out.println(scenario.getSimpleName() + ", plainly repeated: " + runs + " runs " + outcome);
        assertThat(runs).isPositive();
    }

    private static String outcome(Scenario scenario) throws InterruptedException {
        var end = new CompletableFuture<Void>();
        Thread.startVirtualThread(() -> {
            try {
                scenario.run();
                end.complete(null);
            } catch (Throwable thrown) {
                end.completeExceptionally(thrown);
            }
        });
        try {
            end.get(1, TimeUnit.SECONDS);
            return "found nothing";
        } catch (ExecutionException e) {
            return "found " + e.getCause();
        } catch (TimeoutException e) {
            return "found a deadlock";
        }
    }
}
