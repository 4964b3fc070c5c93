package dev.weir.engine.config;

import java.net.InetSocketAddress;

/// A host and a port, not yet looked up.
///
/// @param host a name or an address, without brackets
/// @param port 0 to 65535; 0 lets the system choose when listening
public record HostPort(String host, int port) {
    public HostPort {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be between 0 and 65535, but was " + port);
        }
    }

    /// Looks the host up (blocks on DNS when it is a name).
    public InetSocketAddress resolve() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
