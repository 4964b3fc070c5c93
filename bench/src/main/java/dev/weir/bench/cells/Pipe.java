package dev.weir.bench.cells;

import java.util.List;

/// A channel of the library that is measured.
public abstract class Pipe {
    /// Sends; waits while there is no room.
    protected abstract void send(Integer element) throws InterruptedException;

    /// Sends all of them, in the fastest way the library offers.
    protected void sendAll(List<Integer> elements) throws InterruptedException {
        for (Integer element : elements) {
            send(element);
        }
    }

    /// Receives; waits while there is nothing.
    protected abstract Integer receive() throws InterruptedException;

    /// Receives one element, waiting for it, and up to `max` in all of what is there, in the
    /// fastest way the library offers.
    protected abstract void receiveSome(List<Integer> into, int max) throws InterruptedException;
}
