package dev.weir.runtime;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;

/// Lincheck over a class whose operations two threads call: every result must be one that some order of the
/// calls gives on a plain sequential model. By model checking, which switches threads at chosen accesses to
/// memory; with `-Dweir.long=true` more of it, with three threads, and by stress as well.
final class Linearizability {
    private Linearizability() {}

    static void check(Class<?> tested, Class<?> model) {
        if (Boolean.getBoolean("weir.long")) {
            run(new ModelCheckingOptions(), 2, 50, 5_000, tested, model);
            run(new ModelCheckingOptions(), 3, 50, 5_000, tested, model);
            run(new StressOptions(), 2, 50, 5_000, tested, model);
        } else {
            run(new ModelCheckingOptions(), 2, 3, 200, tested, model);
        }
    }

    private static void run(
            Options<?, ?> options, int threads, int scenarios, int runs, Class<?> tested, Class<?> model) {
        switch (options) {
            case ModelCheckingOptions checking -> checking.invocationsPerIteration(runs);
            case StressOptions stress -> stress.invocationsPerIteration(runs);
            default -> throw new IllegalArgumentException("neither model checking nor stress: " + options);
        }
        options.threads(threads)
                .actorsPerThread(3)
                .actorsBefore(1) // more would fill a channel before the race begins
                .actorsAfter(1)
                .iterations(scenarios)
                .sequentialSpecification(model)
                .check(tested);
    }
}
