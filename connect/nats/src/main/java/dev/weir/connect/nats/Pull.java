package dev.weir.connect.nats;

import io.nats.client.Connection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A request for messages that the server is answering. One after the other: the next begins when
/// this one has ended.
final class Pull {
    /// How long a request lies with the server if nothing comes.
    private static final Duration EXPIRES = Duration.ofSeconds(30);

    private final String inbox;
    private final int asked;
    private int left;

    private Pull(String inbox, int asked) {
        this.inbox = inbox;
        this.asked = asked;
        this.left = asked;
    }

    /// How often the server shows life while nothing comes: what it allows for that expiry, at
    /// most.
    static Duration heartbeat(Duration keepAlive) {
        Duration half = keepAlive.dividedBy(2);
        Duration most = EXPIRES.dividedBy(3);
        return half.compareTo(most) < 0 ? half : most;
    }

    /// Asks.
    ///
    /// @param inbox where the server says what is not a message
    /// @param messages how many at most
    /// @param bytes how many at most; 0 for no limit
    static Pull request(
            Connection to, SourceOptions.Consumer from, String inbox, int messages, long bytes, Duration heartbeat) {
        String limit = bytes > 0 ? ",\"max_bytes\":" + bytes : "";
        String request = "{\"batch\":" + messages + limit + ",\"expires\":" + EXPIRES.toNanos() + ",\"idle_heartbeat\":"
                + heartbeat.toNanos() + "}";
        to.publish(
                "$JS.API.CONSUMER.MSG.NEXT." + from.stream() + "." + from.durable(),
                inbox,
                request.getBytes(StandardCharsets.UTF_8));
        return new Pull(inbox, messages);
    }

    /// A message came.
    ///
    /// @return whether it was the last one
    boolean arrived() {
        left--;
        return left <= 0;
    }

    /// Whether a status is about this request.
    boolean isAbout(String subject) {
        return inbox.equals(subject);
    }

    /// Whether nothing came.
    boolean isUntouched() {
        return left == asked;
    }
}
