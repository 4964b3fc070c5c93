package dev.weir.node.api;

import com.sun.management.OperatingSystemMXBean;
import dev.weir.engine.Meters;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What the node counts, in Prometheus' text format, beside the usual metrics of the JVM.
/// Thread-safe.
///
/// What is counted under a name that ends in `_nanoseconds` is shown in seconds, as Prometheus
/// wants it. Bounded, since labels come from fixed sets.
public final class PrometheusMeters implements Meters, AutoCloseable {
    private static final String NANOSECONDS = "_nanoseconds";
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ConcurrentHashMap<List<String>, LongAdder> counters = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<List<String>, LongSupplier> gauges = new ConcurrentHashMap<>();
    private final JvmGcMetrics gc = new JvmGcMetrics();

    public PrometheusMeters() {
        // Names that Prometheus' own linter refuses.
        registry.config()
                .meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"))
                .meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
        new JvmMemoryMetrics().bindTo(registry);
        gc.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            FunctionCounter.builder("process_cpu_seconds", system, os -> os.getProcessCpuTime() / NANOS_PER_SECOND)
                    .description("Processor time that the process has used")
                    .register(registry);
        }
        Gauge.builder("system_cpus", Runtime.getRuntime(), Runtime::availableProcessors)
                .description("Processors that the process may use")
                .register(registry);
    }

    @Override
    public LongAdder counter(String name, String about, String... labels) {
        var key = new java.util.ArrayList<String>(List.of(labels));
        key.addFirst(name);
        return counters.computeIfAbsent(List.copyOf(key), _ -> register(name, about, labels));
    }

    private LongAdder register(String name, String about, String... labels) {
        LongAdder adder = new LongAdder();
        boolean nanoseconds = name.endsWith(NANOSECONDS);
        String shown = nanoseconds ? name.substring(0, name.length() - NANOSECONDS.length()) + "_seconds" : name;
        FunctionCounter.builder(shown, adder, counted -> nanoseconds ? counted.sum() / NANOS_PER_SECOND : counted.sum())
                .description(about)
                .tags(Tags.of(labels))
                .register(registry);
        return adder;
    }

    @Override
    public void gauge(String name, String about, LongSupplier value, String... labels) {
        var key = new java.util.ArrayList<String>(List.of(labels));
        key.addFirst(name);
        // Who was started again counts anew under the same name.
        LongSupplier before = gauges.put(List.copyOf(key), value);
        if (before == null) {
            register(name, about, () -> gauges.getOrDefault(List.copyOf(key), value), labels);
        }
    }

    private void register(String name, String about, Supplier<LongSupplier> current, String... labels) {
        Gauge.builder(name, () -> current.get().getAsLong())
                .description(about)
                .tags(Tags.of(labels))
                .strongReference(true)
                .register(registry);
    }

    /// The text that Prometheus reads.
    String text() {
        return registry.scrape();
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}
