package dev.weir.connect.system;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Decides what is news: report by exception. For one thread, but for [#forget].
final class Report {
    private final SystemOptions options;

    /// Guarded by this: what was sent last, by address.
    private final Map<String, Sent> sent = new HashMap<>();

    private record Sent(Map<String, Sample.Value> values, long nanos) {}

    Report(SystemOptions options) {
        this.options = options;
    }

    /// Whether a sample is to be sent; if so it is taken as sent.
    synchronized boolean isNews(Sample sample, long nanos) {
        Sent last = sent.get(sample.address());
        boolean news = last == null
                || nanos - last.nanos >= options.heartbeat().toNanos()
                || hasMoved(last.values, sample.values(), options.deadband(sample.metric()));
        if (news) {
            sent.put(sample.address(), new Sent(Map.copyOf(sample.values()), nanos));
        }
        return news;
    }

    private static boolean hasMoved(Map<String, Sample.Value> last, Map<String, Sample.Value> now, Deadband deadband) {
        return !last.keySet().equals(now.keySet())
                || now.entrySet().stream().anyMatch(entry -> {
                    Sample.Value before = last.get(entry.getKey());
                    Sample.Value value = entry.getValue();
                    return before != null && !value.counter() && deadband.isNews(before.number(), value.number());
                });
    }

    /// Takes a sample as not sent after all. Any thread may call it.
    synchronized void forget(Sample sample) {
        sent.remove(sample.address());
    }

    /// Forgets what is not there any more, so that a disk that comes back is news.
    synchronized void keep(Set<String> addresses) {
        sent.keySet().retainAll(addresses);
    }
}
