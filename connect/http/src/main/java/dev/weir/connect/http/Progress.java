package dev.weir.connect.http;

import java.util.ArrayList;
import java.util.List;

/// How far a batch has been handed over. For one thread at a time.
final class Progress {
    /// How many rejections are told in detail.
    static final int SHOWN = 10;

    private static final int DETAIL = 200;

    private final List<Rejection> rejections = new ArrayList<>();
    private int next;
    private int accepted;
    private int rejected;
    private boolean unmatched;

    /// An element that was not accepted for a reason of its own.
    ///
    /// @param element its index in the batch
    record Rejection(int element, String reason, String detail) {}

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

    /// Whether no pipeline wants the address that all elements share.
    boolean isUnmatched() {
        return unmatched;
    }

    void accept() {
        accepted++;
        next++;
    }

    void reject(String reason, String detail) {
        if (rejections.size() < SHOWN) {
            String cut = detail.length() <= DETAIL ? detail : detail.substring(0, DETAIL) + "…";
            rejections.add(new Rejection(next, reason, cut));
        }
        rejected++;
        next++;
    }

    void unmatched() {
        unmatched = true;
    }
}
