package dev.weir.connect.system;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.GlobalMemory;
import oshi.hardware.NetworkIF;
import oshi.software.os.OSFileStore;
import oshi.software.os.OSProcess;

/// This machine, by OSHI. For one thread; the native library is loaded at the first measurement.
final class OshiMachine implements Machine {
    private static final Logger LOG = LoggerFactory.getLogger(OshiMachine.class);
    private static final double NANOS = 1e9;

    private final SystemOptions options;
    private final LongSupplier nanoTime;
    private final SystemInfo system = new SystemInfo();
    private final Map<Metric, String> troubles = new EnumMap<>(Metric.class);

    private long @Nullable [] ticks;
    private @Nullable OSProcess process;
    private Map<String, Counters> interfaces = new HashMap<>();

    private record Counters(long nanos, long bytesIn, long bytesOut, long packetsIn, long packetsOut) {}

    /// @param nanoTime for rates
    OshiMachine(SystemOptions options, LongSupplier nanoTime) {
        this.options = options;
        this.nanoTime = nanoTime;
    }

    @Override
    public List<Sample> measure() {
        List<Sample> samples = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            if (options.metrics().contains(metric)) {
                measure(metric, samples);
            }
        }
        samples.removeIf(Sample::isEmpty);
        return samples;
    }

    /// A metric that fails does not hide the others. A missing native library is a LinkageError.
    private void measure(Metric metric, List<Sample> samples) {
        try {
            Consumer<Sample> out = samples::add;
            switch (metric) {
                case CPU -> cpu(out);
                case LOAD -> load(out);
                case MEMORY -> memory(out);
                case DISK -> disks(out);
                case TEMPERATURE -> temperature(out);
                case NETWORK -> network(out);
                case PROCESS -> process(out);
            }
            troubles.remove(metric);
        } catch (RuntimeException | LinkageError e) {
            String trouble = e.toString();
            if (!trouble.equals(troubles.put(metric, trouble))) {
                LOG.atWarn()
                        .addKeyValue("metric", metric.word())
                        .addKeyValue("cause", trouble)
                        .log("cannot be measured; if a native library is missing, -Djna.tmpdir= names a folder from"
                                + " which programs may be run");
            }
        }
    }

    private void cpu(Consumer<Sample> out) {
        CentralProcessor processor = system.getHardware().getProcessor();
        long[] before = ticks;
        ticks = processor.getSystemCpuLoadTicks();
        if (before != null) {
            out.accept(new Sample(Metric.CPU, "")
                    .with("busy", 100 * processor.getSystemCpuLoadBetweenTicks(before))
                    .with("cores", processor.getLogicalProcessorCount()));
        }
    }

    private void load(Consumer<Sample> out) {
        double[] load = system.getHardware().getProcessor().getSystemLoadAverage(3);
        String[] names = {"one", "five", "fifteen"};
        Sample sample = new Sample(Metric.LOAD, "");
        for (int i = 0; i < names.length; i++) {
            if (load[i] >= 0) {
                sample.with(names[i], load[i]);
            }
        }
        out.accept(sample);
    }

    private void memory(Consumer<Sample> out) {
        GlobalMemory memory = system.getHardware().getMemory();
        long used = memory.getTotal() - memory.getAvailable();
        Sample sample = new Sample(Metric.MEMORY, "")
                .with("total", memory.getTotal())
                .with("used", used)
                .with("available", memory.getAvailable())
                .with("used_percent", 100.0 * used / memory.getTotal());
        long swap = memory.getVirtualMemory().getSwapTotal();
        if (swap > 0) {
            sample.with("swap_total", swap)
                    .with("swap_used", memory.getVirtualMemory().getSwapUsed());
        }
        out.accept(sample);
    }

    private void disks(Consumer<Sample> out) {
        Set<String> names = new HashSet<>();
        // Only local ones: asking a network file system that does not answer would hang.
        system.getOperatingSystem().getFileSystem().getFileStores(true).stream()
                .filter(store -> options.disks().has(store.getMount()) && store.getTotalSpace() > 0)
                .sorted(Comparator.comparing(OSFileStore::getMount))
                .limit(options.maxParts())
                .forEach(store -> out.accept(disk(store, unique(Names.level(store.getMount()), names))));
    }

    private static Sample disk(OSFileStore store, String name) {
        long used = store.getTotalSpace() - store.getFreeSpace();
        return new Sample(Metric.DISK, name)
                .text("mount", store.getMount())
                .with("total", store.getTotalSpace())
                .with("used", used)
                .with("free", store.getUsableSpace())
                .with("used_percent", 100.0 * used / store.getTotalSpace());
    }

    private static String unique(String name, Set<String> names) {
        String free = name;
        while (!names.add(free)) {
            free += "_";
        }
        return free;
    }

    /// OSHI says 0 where there is no sensor.
    private void temperature(Consumer<Sample> out) {
        double celsius = system.getHardware().getSensors().getCpuTemperature();
        if (celsius != 0) {
            out.accept(new Sample(Metric.TEMPERATURE, "").with("cpu", celsius));
        }
    }

    private void network(Consumer<Sample> out) {
        Set<String> names = new HashSet<>();
        Map<String, Counters> seen = new HashMap<>();
        system.getHardware().getNetworkIFs(true).stream()
                .filter(network -> options.interfaces().has(network.getName()))
                .sorted(Comparator.comparing(NetworkIF::getName))
                .limit(options.maxParts())
                .forEach(network -> out.accept(network(network, unique(Names.level(network.getName()), names), seen)));
        interfaces = seen;
    }

    private Sample network(NetworkIF network, String name, Map<String, Counters> seen) {
        Counters now = new Counters(
                nanoTime.getAsLong(),
                network.getBytesRecv(),
                network.getBytesSent(),
                network.getPacketsRecv(),
                network.getPacketsSent());
        seen.put(name, now);
        Sample sample = new Sample(Metric.NETWORK, name)
                .counter("bytes_in", now.bytesIn)
                .counter("bytes_out", now.bytesOut)
                .counter("packets_in", now.packetsIn)
                .counter("packets_out", now.packetsOut)
                .counter("errors_in", network.getInErrors())
                .counter("errors_out", network.getOutErrors())
                .counter("drops_in", network.getInDrops());
        Counters before = interfaces.get(name);
        if (before != null && now.nanos > before.nanos) {
            double seconds = (now.nanos - before.nanos) / NANOS;
            rate(sample, "bytes_in_rate", now.bytesIn - before.bytesIn, seconds);
            rate(sample, "bytes_out_rate", now.bytesOut - before.bytesOut, seconds);
            rate(sample, "packets_in_rate", now.packetsIn - before.packetsIn, seconds);
            rate(sample, "packets_out_rate", now.packetsOut - before.packetsOut, seconds);
        }
        return sample;
    }

    /// A counter that went back was reset, and there is no rate.
    private static void rate(Sample sample, String name, long more, double seconds) {
        if (more >= 0) {
            sample.with(name, more / seconds);
        }
    }

    private void process(Consumer<Sample> out) {
        OSProcess before = process;
        OSProcess now = system.getOperatingSystem().getCurrentProcess();
        process = now;
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        Sample sample = new Sample(Metric.PROCESS, "")
                .with("rss", now.getResidentSetSize())
                .with("heap_used", heap.getUsed())
                .with("threads", now.getThreadCount());
        if (heap.getMax() >= 0) {
            sample.with("heap_max", heap.getMax());
        }
        if (now.getOpenFiles() >= 0) {
            sample.with("open_files", now.getOpenFiles());
        }
        if (before != null) {
            sample.with("busy", 100 * now.getProcessCpuLoadBetweenTicks(before));
        }
        out.accept(sample);
    }
}
