package dev.weir.connect.http;

import java.net.http.HttpClient;
import java.util.function.Supplier;

/// The HTTP client that is used at present, and those before it whose last requests are under way.
/// Thread-safe.
///
/// The JDK's client leaves a connection open for ever whose answer it could not parse: a status
/// line that is none, or a length that is no number (seen with JDK 25). Nobody can close it from
/// outside but by shutting the whole client down. So after such an answer others get a new client,
/// and the old one is shut down when the last request has ended that uses it.
final class Clients {
    private final Supplier<HttpClient> maker;

    // guarded by this
    private Lease current;
    private boolean closed;

    /// A client and how many use it.
    final class Lease {
        private final HttpClient client = maker.get();
        private int users;
        private boolean retired;

        HttpClient client() {
            return client;
        }

        /// The request has ended.
        ///
        /// @param parsed whether its answer, if there was one, could be parsed
        void end(boolean parsed) {
            Clients.this.end(this, parsed);
        }
    }

    Clients(Supplier<HttpClient> maker) {
        this.maker = maker;
        this.current = new Lease();
    }

    /// The client for one request, to be [ended][Lease#end].
    synchronized Lease lease() {
        current.users++;
        return current;
    }

    private void end(Lease lease, boolean parsed) {
        HttpClient over = null;
        synchronized (this) {
            lease.users--;
            if (!parsed && !lease.retired && !closed) {
                lease.retired = true;
                current = new Lease();
            }
            if (lease.retired && lease.users == 0) {
                over = lease.client;
            }
        }
        if (over != null) {
            over.shutdownNow();
        }
    }

    /// Ends all requests of the current client; those before it end with their last one.
    ///
    /// @return the current client, which may take a moment to end
    synchronized HttpClient shutdownNow() {
        closed = true;
        current.client.shutdownNow();
        return current.client;
    }
}
