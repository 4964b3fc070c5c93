package dev.weir.connect.nats;

/// How messages come to a source: as they fly by, or from a stream.
interface Feed extends Link.Session, AutoCloseable {
    /// After the link was closed: deals with what was not handed over.
    @Override
    void close();
}
