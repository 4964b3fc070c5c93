package dev.weir.bench.patterns;

import dev.weir.runtime.Context;
import dev.weir.runtime.pattern.Pipeline;
import dev.weir.runtime.pattern.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Four steps for each element: in one function, or each a stage with a thread of its own.
final class Stages {
    /// About 40 ns each.
    static final Step SHORT = element -> element.value = spin(element.value, 32);

    /// About 10 µs each.
    static final Step LONG = element -> element.value = spin(element.value, 8_000);

    /// A millisecond each, in which nothing is computed.
    static final Step WAITS = element -> {
        Thread.sleep(1);
        element.value = spin(element.value, 1);
    };

    private static final int STEPS = 4;

    private final Step step;

    Stages(Step step) {
        this.step = step;
    }

    @FunctionalInterface
    interface Step {
        void apply(Element element) throws InterruptedException;
    }

    static final class Element {
        private long value;

        Element(long value) {
            this.value = value;
        }
    }

    private static long spin(long x, int turns) {
        long y = x;
        for (int i = 0; i < turns; i++) {
            y = y * 31 + i;
        }
        return y;
    }

    private static List<Element> elements(int n) {
        List<Element> all = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            all.add(new Element(i));
        }
        return all;
    }

    Map<String, Double> oneFunction(int n) throws InterruptedException {
        List<Element> elements = elements(n);
        long sum = 0;
        long begin = System.nanoTime();
        for (Element element : elements) {
            for (int i = 0; i < STEPS; i++) {
                step.apply(element);
            }
            sum += element.value;
        }
        long took = System.nanoTime() - begin;
        check(sum, elements);
        return Shape.rate(n, took);
    }

    Map<String, Double> fourStages(int n) throws InterruptedException {
        List<Element> elements = elements(n);
        Context context = Context.background();
        long[] sum = new long[1];
        long begin = System.nanoTime();
        try (var pipeline = Pipeline.<Element>from("bench", (_, out) -> {
                    for (int from = 0; from < n; from += 64) {
                        out.sendAll(elements.subList(from, Math.min(n, from + 64)), context);
                    }
                })
                .then(stage("a"))
                .then(stage("b"))
                .then(stage("c"))
                .then(stage("d"))
                .start(context, (_, element) -> sum[0] += element.value)) {
            pipeline.await();
        }
        long took = System.nanoTime() - begin;
        check(sum[0], elements);
        return Shape.rate(n, took);
    }

    private Stage<Element, Element> stage(String name) {
        Stage<Element, Element> stage = Stage.map(name, (_, element) -> {
            step.apply(element);
            return element;
        });
        // What waits goes on by itself; what computes goes in batches.
        return step == WAITS ? stage.batch(1) : stage;
    }

    private static void check(long sum, List<Element> elements) {
        long expected = elements.stream().mapToLong(element -> element.value).sum();
        if (sum != expected) {
            throw new IllegalStateException("the elements' sum must be " + expected + ", but was " + sum);
        }
    }
}
