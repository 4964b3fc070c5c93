package dev.weir.node.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/// Slows guessing down. After some failures with one name from one address, with one name, or from
/// one address, the next ones are refused without being looked at, for twice as long each time.
/// Devices with a credential and clients that are known already are not asked, so that somebody who
/// guesses does not lock them out. Bounded: the longest unused entry goes first. Thread-safe.
final class Attempts {
    private static final int ENTRIES = 4096;
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);

    /// A name from everywhere waits shortly: else anybody could keep its owner out.
    private static final Limit OF_NAME = new Limit(100, Duration.ofSeconds(4));

    /// Behind one address there may be many devices.
    private static final Limit OF_ADDRESS = new Limit(50, Duration.ofSeconds(64));

    private static final Limit OF_BOTH = new Limit(5, Duration.ofSeconds(64));

    private final InstantSource clock;

    /// Guarded by itself.
    private final Map<String, Failures> entries = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > ENTRIES;
        }
    };

    /// @param free how many failures have no consequence
    /// @param longest how long one may have to wait
    private record Limit(int free, Duration longest) {}

    private record Failures(int failures, long failedMillis, long blockedUntilMillis) {}

    Attempts(InstantSource clock) {
        this.clock = clock;
    }

    /// Whether one is to be refused without a look at the password.
    boolean isTooSoon(String name, InetAddress from) {
        long now = clock.millis();
        String address = text(from);
        synchronized (entries) {
            return isBlocked("a " + address, now)
                    || isBlocked("n " + name, now)
                    || isBlocked("b " + address + " " + name, now);
        }
    }

    private boolean isBlocked(String key, long now) {
        Failures entry = entries.get(key);
        // A clock that was set back must not keep anybody out for long.
        return entry != null && now < entry.blockedUntilMillis() && now >= entry.failedMillis();
    }

    void failed(String name, InetAddress from) {
        long now = clock.millis();
        String address = text(from);
        synchronized (entries) {
            count("a " + address, OF_ADDRESS, now);
            count("n " + name, OF_NAME, now);
            count("b " + address + " " + name, OF_BOTH, now);
        }
    }

    private void count(String key, Limit limit, long now) {
        Failures old = entries.get(key);
        boolean forgotten = old == null || Math.abs(now - old.failedMillis()) > FORGOTTEN.toMillis();
        int failures = forgotten ? 1 : Math.min(old.failures() + 1, 1_000_000);
        int over = failures - limit.free();
        long wait = over < 0 ? 0 : Math.min(limit.longest().toMillis(), FIRST.toMillis() << Math.min(over, 16));
        entries.put(key, new Failures(failures, now, now + wait));
    }

    void succeeded(String name, InetAddress from) {
        synchronized (entries) {
            entries.remove("n " + name);
            entries.remove("b " + text(from) + " " + name);
        }
    }

    int size() {
        synchronized (entries) {
            return entries.size();
        }
    }

    /// Who has one IPv6 address has the 2^64 beside it too.
    private static String text(InetAddress from) {
        return from instanceof Inet6Address
                ? HexFormat.of().formatHex(Arrays.copyOf(from.getAddress(), 8))
                : from.getHostAddress();
    }
}
