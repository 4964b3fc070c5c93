package dev.weir.node.access;

import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Checks passwords of users, and bounds what that costs: only some at a time, none that is known
/// to be right, and none of who has just been wrong too often. A name that nobody has costs as much
/// as a wrong password, so that time does not tell who exists. Thread-safe.
final class PasswordCheck {
    private final Map<String, PasswordHash> users;
    private final Semaphore places;
    private final Duration patience;
    private final Comparison comparison;
    private final KnownPasswords known = new KnownPasswords();
    private final Attempts attempts;

    /// Stands in for the hash of a name that nobody has.
    private final Optional<PasswordHash> decoy;

    /// What a check came to.
    enum Result {
        RIGHT,
        WRONG,
        UNKNOWN,
        TOO_SOON,
        BUSY
    }

    /// What takes the time.
    @FunctionalInterface
    interface Comparison {
        boolean matches(PasswordHash hash, byte[] password) throws InterruptedException;
    }

    /// @param users the hashes by name
    /// @param concurrent how many checks may run at a time
    /// @param patience how long one waits for its turn
    PasswordCheck(Map<String, PasswordHash> users, int concurrent, Duration patience, InstantSource clock) {
        this(users, concurrent, patience, clock, PasswordHash::matches);
    }

    PasswordCheck(
            Map<String, PasswordHash> users,
            int concurrent,
            Duration patience,
            InstantSource clock,
            Comparison comparison) {
        this.users = Map.copyOf(users);
        this.places = new Semaphore(concurrent, true);
        this.patience = patience;
        this.comparison = comparison;
        this.attempts = new Attempts(clock);
        this.decoy = this.users.values().stream().findFirst();
    }

    /// Waits for its turn, and takes its time.
    Result check(String name, byte[] password, InetAddress from) throws InterruptedException {
        PasswordHash hash = users.get(name);
        if (hash != null && known.contains(name, password)) {
            return Result.RIGHT;
        }
        if (attempts.isTooSoon(name, from)) {
            return Result.TOO_SOON;
        }
        Optional<PasswordHash> compared = Optional.ofNullable(hash).or(() -> decoy);
        boolean same = false;
        if (compared.isPresent()) {
            if (!places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return Result.BUSY;
            }
            try {
                same = comparison.matches(compared.get(), password);
            } finally {
                places.release();
            }
        }
        if (hash != null && same) {
            known.add(name, password);
            attempts.succeeded(name, from);
            return Result.RIGHT;
        }
        attempts.failed(name, from);
        return hash == null ? Result.UNKNOWN : Result.WRONG;
    }
}
