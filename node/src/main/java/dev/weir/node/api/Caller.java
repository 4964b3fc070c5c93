package dev.weir.node.api;

import dev.weir.node.access.AdminToken;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/// Who asks.
///
/// @param address where from; empty where the transport does not say
/// @param bearer the token that came along
record Caller(Optional<InetAddress> address, Optional<String> bearer) {
    private static final String SCHEME = "Bearer ";

    static Caller of(Request request) {
        Optional<InetAddress> address =
                request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress socket
                        ? Optional.ofNullable(socket.getAddress())
                        : Optional.empty();
        return new Caller(
                address,
                Optional.ofNullable(request.getHeaders().get(HttpHeader.AUTHORIZATION))
                        .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                        .map(value -> value.substring(SCHEME.length()).strip()));
    }

    /// Lets only those pass who are on this machine and may read the node's data folder.
    void mustBeAdmin(AdminToken admin) throws ApiException {
        if (address.filter(InetAddress::isLoopbackAddress).isEmpty()) {
            throw new ApiException(403, "this can be asked from the node's own machine only");
        }
        if (bearer.filter(admin::is).isEmpty()) {
            throw new ApiException(
                    401,
                    "this needs the header 'Authorization: Bearer …' with the token in the file admin.token of the"
                            + " node's data folder",
                    Map.of("WWW-Authenticate", "Bearer realm=\"weir\""));
        }
    }

    @Override
    public String toString() {
        return "Caller[" + address + "]";
    }
}
