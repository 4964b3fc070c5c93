package dev.weir.connect.nats;

import io.nats.client.Connection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

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
    /// most. That is also when it forgets requests of connections that are gone, and it must do so
    /// before it sends again what they had not acknowledged: while it believes that somebody waits,
    /// it puts the first message behind the others.
    static Duration heartbeat(Duration keepAlive, Duration ackWait) {
        return Collections.min(List.of(keepAlive.dividedBy(2), ackWait.dividedBy(3), EXPIRES.dividedBy(3)));
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
