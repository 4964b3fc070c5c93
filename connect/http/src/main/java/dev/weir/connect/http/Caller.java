package dev.weir.connect.http;

import dev.weir.engine.access.Identity;
import java.net.InetAddress;

/// Who sends a request.
///
/// @param identity what that one may do
/// @param key whose rate and whose idempotency keys these are: the name, or the address of one who
///     gave none
/// @param address where it comes from
/// @param text the address and port, for logs
record Caller(Identity identity, String key, InetAddress address, String text) {
    boolean mayPublish(String to) {
        return identity.mayPublish(to, identity.name()) == Identity.Verdict.ALLOWED;
    }
}
