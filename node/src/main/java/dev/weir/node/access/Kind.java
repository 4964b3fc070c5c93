package dev.weir.node.access;

/// How somebody has come in.
enum Kind {
    /// Without a name.
    ANONYMOUS,
    /// As a user of the config.
    USER,
    /// With a credential of its own.
    DEVICE,
    /// With a certificate.
    CERTIFICATE
}
