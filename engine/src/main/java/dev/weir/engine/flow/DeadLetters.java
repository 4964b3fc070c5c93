package dev.weir.engine.flow;

import dev.weir.engine.Message;
import dev.weir.engine.Reading;
import dev.weir.engine.ReadingJson;
import dev.weir.engine.Span;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The latest messages and readings that could not be processed, in memory: at most so many, and
/// at most so many bytes; the oldest goes first. Thread-safe; nothing blocks.
public final class DeadLetters {
    /// How much of a payload is kept, in bytes.
    public static final int EXCERPT = 1024;

    private static final int DETAIL = 512;
    private static final int NAME = 256;
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    private final FlowClock clock;
    private final int maxCount;
    private final long maxBytes;
    private final Consumer<DeadLetter> listener;
    private final RareLog rare;

    // guarded by this
    private final ArrayDeque<DeadLetter> letters = new ArrayDeque<>();
    private long bytes;

    /// @param clock says when
    /// @param maxCount how many are kept, at least 1
    /// @param maxBytes how much memory they may take
    /// @param listener told about each, on the thread that failed: must not block; what it throws
    ///     is logged
    public DeadLetters(FlowClock clock, int maxCount, long maxBytes, Consumer<DeadLetter> listener) {
        if (maxCount < 1) {
            throw new IllegalArgumentException("maxCount must be at least 1, but was " + maxCount);
        }
        this.clock = clock;
        this.maxCount = maxCount;
        this.maxBytes = maxBytes;
        this.listener = listener;
        this.rare = new RareLog(LOG, clock);
    }

    /// What is kept, the oldest first.
    public synchronized List<DeadLetter> all() {
        return new ArrayList<>(letters);
    }

    /// How much memory it takes at most, for `weir check`.
    public long worstCaseBytes() {
        return maxBytes;
    }

    void add(
            String stream,
            String source,
            String device,
            Message message,
            String reason,
            String detail,
            @Nullable Span trace) {
        add(new DeadLetter(
                now(),
                stream,
                source,
                cut(device, NAME),
                cut(message.address(), NAME),
                reason,
                cut(detail, DETAIL),
                excerpt(message)));
        debug(stream, device, reason, trace);
    }

    void add(String stream, Reading reading, String reason, String detail) {
        add(new DeadLetter(
                now(),
                stream,
                reading.source(),
                cut(reading.device(), NAME),
                null,
                reason,
                cut(detail, DETAIL),
                cut(ReadingJson.text(reading), EXCERPT)));
        debug(stream, reading.device(), reason, reading.trace());
    }

    /// At the level debug only, since a device can cause as many as it likes.
    private static void debug(String stream, String device, String reason, @Nullable Span trace) {
        var line = LOG.atDebug()
                .addKeyValue("stream", stream)
                .addKeyValue("device", cut(device, NAME))
                .addKeyValue("reason", reason);
        if (trace != null) {
            line = line.addKeyValue("trace", trace.traceId());
        }
        line.log("dead letter");
    }

    private void add(DeadLetter letter) {
        keep(letter);
        try {
            listener.accept(letter);
        } catch (RuntimeException e) {
            rare.warn("a listener of dead letters failed", letter.stream(), e);
        }
    }

    private synchronized void keep(DeadLetter letter) {
        letters.addLast(letter);
        bytes += letter.bytes();
        while (letters.size() > maxCount || (bytes > maxBytes && !letters.isEmpty())) {
            bytes -= letters.removeFirst().bytes();
        }
    }

    private Instant now() {
        long nanos = clock.epochNanos();
        return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    }

    private static String cut(String text, int limit) {
        return text.length() <= limit ? text : text.substring(0, limit - 1) + "…";
    }

    private static String excerpt(Message message) {
        int length = Math.min(message.length(), EXCERPT);
        try {
            return text(message, length);
        } catch (CharacterCodingException e) {
            int half = Math.min(length, EXCERPT / 2);
            return "0x" + HexFormat.of().formatHex(message.bytes(), message.offset(), message.offset() + half);
        }
    }

    /// The payload as text if it is UTF-8, but for a character that the cut has split.
    private static String text(Message message, int length) throws CharacterCodingException {
        int whole = length;
        if (length < message.length()) {
            while (whole > length - 4 && (message.bytes()[message.offset() + whole] & 0xC0) == 0x80) {
                whole--;
            }
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(message.bytes(), message.offset(), whole))
                .toString();
    }
}
