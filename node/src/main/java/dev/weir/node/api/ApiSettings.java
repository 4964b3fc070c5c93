package dev.weir.node.api;

import dev.weir.engine.config.HostPort;
import java.time.Duration;

/// Where and how the interface listens.
///
/// @param listen the address; port 0 lets the system choose
/// @param connections how many clients may be connected at once
/// @param followers how many of them may follow live events
/// @param patience how long a connection may take for a complete request, or be idle between two
public record ApiSettings(HostPort listen, int connections, int followers, Duration patience) {
    /// 256 connections, 100 followers, 30 s.
    public static ApiSettings on(HostPort listen) {
        return new ApiSettings(listen, 256, 100, Duration.ofSeconds(30));
    }
}
