package dev.weir.connect.nats;

import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.link.Backoff;
import dev.weir.engine.tls.ClientTls;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How to reach a server and what to expect of it.
///
/// @param servers the members of one cluster, all of them with TLS or none
/// @param client how the server's own listings name this connection
/// @param tls how, where the URLs say TLS
/// @param keepAlive the server is asked for a sign of life twice in this time
/// @param ackTimeout how long an answer may take before the link counts as dead
record LinkOptions(
        List<URI> servers,
        String client,
        Login login,
        Optional<ClientTls> tls,
        Duration keepAlive,
        Duration connectTimeout,
        Duration ackTimeout,
        Backoff backoff) {
    private static final int MAX_SERVERS = 20;
    private static final int DEFAULT_PORT = 4222;

    LinkOptions {
        servers = List.copyOf(servers);
    }

    /// The options that source and sink share.
    static List<Option> options() {
        List<Option> options = new ArrayList<>(List.of(Option.required(
                "url",
                Kind.texts(),
                "The server, `nats://` or `tls://` (port 4222), or a list of the members of a cluster, 20 at most, which"
                        + " are tried in turn, beginning with any")));
        options.addAll(Login.options());
        options.addAll(List.of(
                Option.optional("tls", new Kind.Group(ClientTls.shape()), "Whom to trust, and our own certificate"),
                Option.defaulted(
                        "keep-alive",
                        new Kind.Span(Duration.ofMillis(200), Duration.ofHours(18)),
                        "30s",
                        "The server is asked for a sign of life twice in this time"),
                Option.defaulted(
                        "connect-timeout",
                        new Kind.Span(Duration.ofMillis(10), Duration.ofMinutes(5)),
                        "10s",
                        "How long connecting may take for each address of a server, TLS and its answer included"),
                Option.defaulted(
                        "ack-timeout",
                        new Kind.Span(Duration.ofMillis(100), Duration.ofMinutes(10)),
                        "10s",
                        "How long the server may take for an answer; then the connection is dropped and made anew,"
                                + " even if TCP calls it established")));
        options.addAll(Backoff.options());
        return options;
    }

    /// @param client how the server's own listings name this connection
    static LinkOptions of(Section options, String client, Problems problems) {
        List<URI> servers = servers(options, problems);
        boolean secure = servers.stream().anyMatch(LinkOptions::isSecure);
        if (secure && !servers.stream().allMatch(LinkOptions::isSecure)) {
            problems.error(options.at("url"), "either all servers have tls:// or none");
        }
        if (options.has("tls") && !secure) {
            problems.error(options.at("tls"), "TLS needs a URL that begins with tls://");
        }
        Optional<ClientTls> tls = Optional.empty();
        if (secure) {
            tls = options.has("tls") ? ClientTls.of(options.group("tls"), problems) : Optional.of(ClientTls.ofSystem());
        }
        return new LinkOptions(
                servers,
                client,
                Login.of(options, problems),
                tls,
                options.duration("keep-alive"),
                options.duration("connect-timeout"),
                options.duration("ack-timeout"),
                Backoff.of(options, problems));
    }

    private static List<URI> servers(Section options, Problems problems) {
        List<Section.Located<String>> given = options.texts("url");
        if (given.isEmpty() || given.size() > MAX_SERVERS) {
            problems.error(
                    options.at("url"), "expected 1 to " + MAX_SERVERS + " servers, but there are " + given.size());
        }
        List<URI> servers = new ArrayList<>();
        for (Section.Located<String> one : given) {
            URI server = server(one.value());
            if (server == null) {
                problems.error(
                        one.location(), "expected a URL like nats://server.example:4222 or tls://server.example");
            } else if (server.getUserInfo() != null) {
                problems.error(one.location(), "user and password belong into 'user' and 'password', not into the URL");
            } else {
                servers.add(server);
            }
        }
        return servers;
    }

    private static @Nullable URI server(String text) {
        try {
            URI url = new URI(text);
            boolean known = "nats".equals(url.getScheme()) || "tls".equals(url.getScheme());
            boolean plain = url.getRawPath() == null
                    || url.getRawPath().isEmpty()
                    || url.getRawPath().equals("/");
            if (!known || !plain || url.getHost() == null || url.getRawQuery() != null) {
                return null;
            }
            int port = url.getPort() >= 0 ? url.getPort() : DEFAULT_PORT;
            return new URI(url.getScheme(), url.getUserInfo(), url.getHost(), port, null, null, null);
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static boolean isSecure(URI url) {
        return "tls".equals(url.getScheme());
    }

    /// The servers as messages and logs name them.
    String names() {
        return servers.stream().map(URI::getAuthority).collect(Collectors.joining(", "));
    }

    /// Does not show what is secret.
    @Override
    public String toString() {
        return "NATS at " + names() + " as " + client;
    }
}
