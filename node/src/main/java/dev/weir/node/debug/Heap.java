package dev.weir.node.debug;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.util.Locale;
import javax.management.JMException;
import javax.management.ObjectName;

/// What is in the memory of this process.
public final class Heap {
    private static final int MOST_CLASSES = 100;

    private Heap() {}

    /// Pools, collections and the classes with the most bytes, as text. Objects nobody can reach
    /// any more are collected before they could be counted, which stops the node for as long as
    /// that takes: a tenth of a second where the heap is small.
    public static String text() {
        StringBuilder out = new StringBuilder(16 * 1024);
        out.append("pool                              used KiB  committed KiB      most KiB\n");
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage usage = pool.getUsage();
            out.append("%-30s %11d %14d %13s%n"
                    .formatted(
                            pool.getName(),
                            usage.getUsed() >> 10,
                            usage.getCommitted() >> 10,
                            usage.getMax() < 0 ? "-" : String.valueOf(usage.getMax() >> 10)));
        }
        out.append('\n');
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            out.append(String.format(
                    Locale.ROOT,
                    "%s: %d collections, %d ms%n",
                    collector.getName(),
                    collector.getCollectionCount(),
                    collector.getCollectionTime()));
        }
        out.append('\n');
        histogram()
                .lines()
                .limit(MOST_CLASSES + 3L)
                .forEach(line -> out.append(line).append('\n'));
        return out.toString();
    }

    private static String histogram() {
        try {
            return String.valueOf(ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()}));
        } catch (JMException e) {
            return "this JVM does not say which classes have the most bytes: " + e.getMessage();
        }
    }
}
