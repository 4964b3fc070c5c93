package dev.weir.engine.flow;

import dev.weir.runtime.supervise.ChildContext;

/// The deliveries of one partition of a sink, and who writes them: one after the other if one fails
/// or hangs. The successor writes again what its predecessor had not finished. To an [Outlet] what
/// a [Partition] is to a [Segment].
final class Desk implements Crew.Task {
    private final Outlet outlet;
    private final Inbox<Delivery> inbox;
    private final SharedAttempts shared;
    private final int number;
    private final Succession<Delivery> writers = new Succession<>();

    /// @param number of the worker, from 1
    Desk(Outlet outlet, Inbox<Delivery> inbox, SharedAttempts shared, int number) {
        this.outlet = outlet;
        this.inbox = inbox;
        this.shared = shared;
        this.number = number;
    }

    int inHand() {
        return writers.inHand();
    }

    @Override
    public void work(ChildContext child, boolean discarding) {
        var writer = new Writer(outlet, inbox, child, shared.of(number), discarding);
        writers.begin(writer);
        writer.run();
    }

    /// Drops what nobody will write. Only when no writer is started any more.
    void drop() {
        writers.giveUp().abandon(delivery -> delivery.fail(Delivery.Failure.SHUTDOWN));
        inbox.abandon(delivery -> delivery.fail(Delivery.Failure.SHUTDOWN));
    }
}
