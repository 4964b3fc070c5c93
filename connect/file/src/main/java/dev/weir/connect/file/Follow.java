package dev.weir.connect.file;

import dev.weir.connect.file.FileOptions.From;
import dev.weir.engine.Inlet;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Looks after files as they come, grow, are renamed and go. One thread runs it until the source
/// closes.
final class Follow {
    /// How much reading a crash repeats at most, since the disk of a small board wears.
    private static final long SAVE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final FileOptions options;
    private final FilePattern pattern;
    private final Positions positions;
    private final Inlet inlet;
    private final CountDownLatch closing;
    private final Complaints complaints;
    private final LineFeed feed;
    private final Map<Path, Tail> tails = new TreeMap<>();
    private volatile long behind;
    private boolean started;
    private long savedNanos = System.nanoTime();

    Follow(
            FileOptions options,
            FilePattern pattern,
            Positions positions,
            Inlet inlet,
            CountDownLatch closing,
            Complaints complaints) {
        this.options = options;
        this.pattern = pattern;
        this.positions = positions;
        this.inlet = inlet;
        this.closing = closing;
        this.complaints = complaints;
        this.feed = new LineFeed(options, inlet, closing, null);
    }

    /// How many bytes are not acknowledged, as of the last round.
    long behind() {
        return behind;
    }

    void run() throws InterruptedException {
        try {
            while (closing.getCount() > 0) {
                boolean more = round();
                if (System.nanoTime() - savedNanos >= SAVE_NANOS) {
                    save();
                }
                if (!more && closing.await(options.poll().toNanos(), TimeUnit.NANOSECONDS)) {
                    return;
                }
            }
        } finally {
            end();
        }
    }

    private boolean round() throws InterruptedException {
        Set<Path> present = Set.copyOf(find());
        present.stream().sorted().forEach(this::follow);
        started = true;
        boolean more = false;
        Iterator<Map.Entry<Path, Tail>> entries = tails.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<Path, Tail> entry = entries.next();
            Tail tail = entry.getValue();
            more |= look(entry.getKey(), tail);
            if (pattern.isGlob() && tail.isIdle() && !present.contains(entry.getKey())) {
                entries.remove();
            }
        }
        behind = tails.values().stream().mapToLong(Tail::behind).sum();
        return more;
    }

    private List<Path> find() {
        try {
            List<Path> found = new ArrayList<>(pattern.files());
            if (!pattern.isGlob() && found.isEmpty()) {
                found.add(Path.of(pattern.toString()));
            }
            return found;
        } catch (IOException e) {
            complaints.say(pattern.toString(), e);
            return List.of();
        }
    }

    private void follow(Path path) {
        if (!tails.containsKey(path) && tails.size() < options.maxFiles()) {
            From from = started && options.from() != From.LAST ? From.LAST : options.from();
            tails.put(path, new Tail(path, options, feed, positions, inlet, from));
        }
    }

    private boolean look(Path path, Tail tail) throws InterruptedException {
        try {
            boolean more = tail.look(this::isHeld);
            tail.remember();
            return more;
        } catch (ClosedByInterruptException e) {
            throw new InterruptedException();
        } catch (IOException | RuntimeException e) {
            complaints.say(path.toString(), e);
            leave(path, tail);
            return false;
        }
    }

    /// It is opened anew at the first line that is not acknowledged.
    private void leave(Path path, Tail tail) {
        try {
            tail.remember();
            tail.close();
        } catch (IOException e) {
            complaints.say(path.toString(), e);
        }
    }

    private boolean isHeld(String identity) {
        return tails.values().stream()
                .anyMatch(tail -> tail.identity().filter(identity::equals).isPresent());
    }

    private void save() {
        savedNanos = System.nanoTime();
        try {
            positions.save();
        } catch (IOException e) {
            complaints.say("the positions", e);
        }
    }

    private void end() {
        tails.forEach(this::leave);
        save();
    }
}
