package dev.weir.connect.http;

import java.util.ArrayList;
import java.util.List;

/// How far a batch has been handed over. For one thread at a time.
final class Progress {
    /// How many rejections are told in detail.
    private static final int DETAILED = 10;

    private static final int DETAIL = 200;

    /// How many stretches of rejected elements are told: a client decides how many there are.
    private static final int STRETCHES = 64;

    private final List<Rejection> rejections = new ArrayList<>();
    private final List<Stretch> stretches = new ArrayList<>();
    private int next;
    private int accepted;
    private int rejected;
    private boolean unmatched;

    /// An element that was not accepted for a reason of its own.
    ///
    /// @param element its index in the batch
    record Rejection(int element, String reason, String detail) {}

    /// Elements side by side that were not accepted.
    ///
    /// @param first the index of the first
    /// @param last the index of the last
    record Stretch(int first, int last) {}

    /// The first element whose fate is open.
    int next() {
        return next;
    }

    int accepted() {
        return accepted;
    }

    int rejected() {
        return rejected;
    }

    /// The first few.
    List<Rejection> rejections() {
        return List.copyOf(rejections);
    }

    /// Which were rejected, in their order; of a batch that is wrong all over the first only.
    List<Stretch> stretches() {
        return List.copyOf(stretches);
    }

    /// Whether no pipeline wants the address that all elements share.
    boolean isUnmatched() {
        return unmatched;
    }

    void accept() {
        accepted++;
        next++;
    }

    void reject(String reason, String detail) {
        if (rejections.size() < DETAILED) {
            String cut = detail.length() <= DETAIL ? detail : detail.substring(0, DETAIL) + "…";
            rejections.add(new Rejection(next, reason, cut));
        }
        stretch();
        rejected++;
        next++;
    }

    private void stretch() {
        if (!stretches.isEmpty() && stretches.getLast().last() == next - 1) {
            stretches.set(stretches.size() - 1, new Stretch(stretches.getLast().first(), next));
        } else if (stretches.size() < STRETCHES) {
            stretches.add(new Stretch(next, next));
        }
    }

    void unmatched() {
        unmatched = true;
    }
}
