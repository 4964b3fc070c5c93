package dev.weir.connect.mqttclient;

import com.hivemq.client.mqtt.datatypes.MqttClientIdentifier;
import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Location;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.link.Backoff;
import dev.weir.engine.tls.ClientTls;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How to reach a broker and what to expect of it.
///
/// @param url the scheme says whether TLS is used
/// @param five whether to speak MQTT 5; otherwise 3.1.1
/// @param tls how, where the config says; otherwise the system's authorities are trusted
/// @param ackTimeout how long an answer may take before the link counts as dead
/// @param maxPacket the largest packet in bytes, both ways
record LinkOptions(
        URI url,
        boolean five,
        String clientId,
        @Nullable String user,
        @Nullable String password,
        Optional<ClientTls> tls,
        Duration keepAlive,
        Duration connectTimeout,
        Duration ackTimeout,
        Backoff backoff,
        int maxPacket) {
    private static final List<String> SCHEMES = List.of("tcp", "mqtt", "ssl", "mqtts");

    /// The options that source and sink share.
    static List<Option> options() {
        List<Option> options = new ArrayList<>(
                List.of(
                        Option.required(
                                "url",
                                new Kind.Url(SCHEMES),
                                "The broker: `tcp://` or `mqtt://` (port 1883), `ssl://` or `mqtts://` (TLS, port 8883)"),
                        Option.defaulted("version", Kind.choice("5", "3.1.1"), "5", "Which MQTT to speak"),
                        Option.optional(
                                "client-id",
                                new Kind.Text(),
                                "As whom; the broker keeps the session under this name, so it must be the only one. Made of"
                                        + " the node's and this connector's name when left out"),
                        Option.optional("user", new Kind.Text(), "The user name"),
                        Option.optional("password", new Kind.Secret(), "The user's password"),
                        Option.optional(
                                "tls", new Kind.Group(ClientTls.shape()), "Whom to trust, and our own certificate"),
                        Option.defaulted(
                                "keep-alive",
                                new Kind.Span(Duration.ofSeconds(1), Duration.ofHours(18)),
                                "30s",
                                "A broker that sends nothing is asked for a sign of life twice in this time (once a second at"
                                        + " most), and left when none came"),
                        Option.defaulted(
                                "connect-timeout",
                                new Kind.Span(Duration.ofMillis(10), Duration.ofMinutes(5)),
                                "10s",
                                "How long connecting may take, TLS and the broker's answer included"),
                        Option.defaulted(
                                "ack-timeout",
                                new Kind.Span(Duration.ofMillis(100), Duration.ofMinutes(10)),
                                "10s",
                                "How long the broker may take for an answer; then the connection is dropped and made anew,"
                                        + " even if TCP calls it established"),
                        Option.defaulted(
                                "max-packet",
                                new Kind.Size(1024, 256 << 20),
                                "256KiB",
                                "The largest packet, in bytes. With MQTT 5 the broker is told and sends none that is larger; with"
                                        + " 3.1.1 a larger message is counted as `too-large` and acknowledged once it is here")));
        options.addAll(Backoff.options());
        return options;
    }

    /// @param clientId what to use when the config does not say
    static LinkOptions of(Section options, String clientId, Problems problems) {
        URI url = options.url("url");
        if (url.getHost() == null) {
            problems.error(options.at("url"), "expected a URL with a host, like tcp://broker.example:1883");
        }
        if (url.getUserInfo() != null) {
            problems.error(options.at("url"), "user and password belong into 'user' and 'password', not into the URL");
        }
        if (options.has("client-id")) {
            check(options.at("client-id"), options.text("client-id"), problems);
        }
        boolean five = options.text("version").equals("5");
        if (options.has("password") && !options.has("user") && !five) {
            problems.error(options.at("password"), "MQTT 3.1.1 takes no password without 'user'");
        }
        if (options.has("tls") && !isSecure(url)) {
            problems.error(options.at("tls"), "TLS needs a URL that begins with ssl:// or mqtts://");
        }
        return new LinkOptions(
                url,
                five,
                options.has("client-id") ? options.text("client-id") : clientId,
                options.textOrNull("user"),
                options.textOrNull("password"),
                options.has("tls") ? ClientTls.of(options.group("tls"), problems) : Optional.empty(),
                options.duration("keep-alive"),
                options.duration("connect-timeout"),
                options.duration("ack-timeout"),
                Backoff.of(options, problems),
                options.integer("max-packet"));
    }

    private static void check(Location at, String clientId, Problems problems) {
        try {
            var _ = MqttClientIdentifier.of(clientId);
        } catch (IllegalArgumentException none) {
            problems.error(at, "'" + clientId + "' is no client identifier: " + none.getMessage());
        }
    }

    private static boolean isSecure(URI url) {
        return url.getScheme().equals("ssl") || url.getScheme().equals("mqtts");
    }

    boolean secure() {
        return isSecure(url);
    }

    String host() {
        String host = url.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    int port() {
        return url.getPort() >= 0 ? url.getPort() : secure() ? 8883 : 1883;
    }

    /// How often to ask for a sign of life. The library hangs up when the next one is due and the
    /// broker has not sent anything since the last.
    int pingSeconds() {
        return Math.toIntExact(Math.clamp(keepAlive.toSeconds() / 2, 1, 65_535));
    }

    /// How many bytes of messages may wait, of those with and of those without an acknowledgement:
    /// any one message fits.
    long inboxBytes() {
        return Math.max(2L << 20, 2L * maxPacket);
    }

    byte @Nullable [] passwordBytes() {
        return password == null ? null : password.getBytes(StandardCharsets.UTF_8);
    }

    /// The broker as messages and logs name it.
    String broker() {
        return host() + ":" + port();
    }

    /// Does not show the password.
    @Override
    public String toString() {
        return "MQTT " + (five ? "5" : "3.1.1") + " to " + broker() + " as " + clientId;
    }
}
