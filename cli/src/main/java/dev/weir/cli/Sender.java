package dev.weir.cli;

import java.io.IOException;

/// A device's connection: sends messages one after the other and knows when they were
/// acknowledged. One thread uses it.
interface Sender extends AutoCloseable {
    /// Sends one message; blocks while the window of unacknowledged messages is full.
    void send(String address, byte[] payload) throws IOException, InterruptedException;

    /// Waits until everything sent is acknowledged.
    void flush() throws IOException, InterruptedException;

    @Override
    void close();
}
