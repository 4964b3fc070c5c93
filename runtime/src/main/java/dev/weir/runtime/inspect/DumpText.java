package dev.weir.runtime.inspect;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A dump as text.
final class DumpText {
    /// How many threads of a group are named one by one.
    private static final int NAMED = 8;

    private record Key(Activity activity, List<Awaited> awaited, List<StackTraceElement> stack) {
        static Key of(ThreadSnapshot thread) {
            return new Key(
                    thread.activity(),
                    thread.waitsOn().stream().map(WaitsOn::awaited).toList(),
                    thread.stack());
        }
    }

    private final StringBuilder out = new StringBuilder();
    private final Map<Long, String> names;

    private DumpText(Dump dump) {
        names = dump.threads().stream()
                .collect(Collectors.toMap(ThreadSnapshot::id, ThreadSnapshot::name, (one, _) -> one));
    }

    static String of(Dump dump) {
        var text = new DumpText(dump);
        text.write(dump);
        return text.out.toString();
    }

    private void write(Dump dump) {
        out.append(dump.at()).append(": ").append(dump.total()).append(" virtual threads");
        if (dump.total() > dump.threads().size()) {
            out.append(", ").append(dump.threads().size()).append(" of them here");
        }
        out.append('\n');
        groups(dump.threads()).forEach(this::writeGroup);
        for (var thread : dump.platform()) {
            out.append("\nplatform thread ").append(thread.name()).append(": ").append(thread.state());
            out.append('\n');
            writeStack(thread.stack());
        }
    }

    private static List<List<ThreadSnapshot>> groups(List<ThreadSnapshot> threads) {
        var groups = new LinkedHashMap<Key, List<ThreadSnapshot>>();
        threads.forEach(thread ->
                groups.computeIfAbsent(Key.of(thread), _ -> new ArrayList<>()).add(thread));
        return groups.values().stream()
                .sorted((one, other) -> Integer.compare(other.size(), one.size()))
                .toList();
    }

    private void writeGroup(List<ThreadSnapshot> group) {
        var first = group.getFirst();
        out.append('\n').append(group.size()).append(" × ").append(first.activity());
        if (!first.waitsOn().isEmpty()) {
            out.append(": ");
            out.append(
                    first.waitsOn().size() > 1
                            ? "select"
                            : first.waitsOn().getFirst().awaited());
        }
        out.append('\n');
        group.stream().limit(NAMED).forEach(this::writeThread);
        if (group.size() > NAMED) {
            out.append("  and ").append(group.size() - NAMED).append(" more\n");
        }
        writeStack(first.stack());
    }

    private void writeThread(ThreadSnapshot thread) {
        out.append("  \"").append(thread.name()).append("\" #").append(thread.id());
        out.append(' ').append(thread.scheduler());
        if (!thread.lane().isEmpty()) {
            out.append('/').append(thread.lane());
        }
        out.append(", started at ")
                .append(thread.startedAt())
                .append(' ')
                .append(seconds(thread.age()))
                .append(" ago");
        out.append('\n');
        for (var what : thread.waitsOn()) {
            out.append("    ").append(what);
            out.append(thread.exact() ? " for " : " for at least ").append(seconds(thread.waited()));
            var last = names.get(what.lastUser());
            if (last != null) {
                out.append("; the other side was last used by \"").append(last).append("\" #");
                out.append(what.lastUser());
            }
            out.append('\n');
        }
    }

    private void writeStack(List<StackTraceElement> stack) {
        stack.forEach(frame -> out.append("      at ").append(frame).append('\n'));
    }

    static String seconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }
}
