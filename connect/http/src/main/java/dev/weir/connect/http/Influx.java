package dev.weir.connect.http;

import dev.weir.engine.Message;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// InfluxDB's way of writing, in the version 1 (`POST /write?db=`) and 2
/// (`POST /api/v2/write?bucket=`): each line of the body is a message with the address
/// `influx/DATABASE/MEASUREMENT`, its time in nanoseconds.
final class Influx implements Dialect {
    /// What clients take us for: they want to see a version that they know.
    static final String VERSION = "1.8.0-weir";

    static final Map<String, String> HEADERS = Map.of("X-Influxdb-Version", VERSION, "X-Influxdb-Build", "OSS");

    private static final int LONGEST = 256;
    private static final Map<String, Long> UNITS = Map.of(
            "n", 1L,
            "ns", 1L,
            "u", 1_000L,
            "us", 1_000L,
            "µ", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);

    static final Influx ONE = new Influx(false);
    static final Influx TWO = new Influx(true);

    /// Whether in the way of version 2.
    private final boolean second;

    private Influx(boolean second) {
        this.second = second;
    }

    private record Wanted(
            String prefix,
            long unit,
            String sender,
            int hops,
            @Nullable String trace) implements Wish {
        /// Each line has its own.
        @Override
        public String address() {
            return "";
        }

        @Override
        public Batch split(Body body) throws Refusal {
            return new Points(this, body, Elements.split(body, InfluxLines::scan));
        }
    }

    private record Points(Wanted wanted, Body body, Elements elements) implements Batch {
        @Override
        public int size() {
            return elements.size();
        }

        @Override
        public Message message(int index) throws Refusal {
            InfluxLines line = new InfluxLines(body.bytes(), elements.start(index), elements.end(index));
            String address = wanted.prefix + segment(line.measurement());
            Optional<byte[]> converted = line.inNanos(wanted.unit);
            if (converted.isPresent()) {
                byte[] bytes = converted.get();
                return message(address, bytes, 0, bytes.length);
            }
            int start = elements.start(index);
            return message(address, body.bytes(), start, elements.end(index) - start);
        }

        private Message message(String address, byte[] bytes, int from, int length) {
            return new Message(address, bytes, from, length, "text/plain", wanted.sender, wanted.hops, wanted.trace);
        }

        @Override
        public boolean hasOneAddress() {
            return false;
        }

        @Override
        public String unit() {
            return "line";
        }

        @Override
        public int number(int index) {
            return elements.line(index);
        }
    }

    @Override
    public Wish wish(Query query) throws Refusal {
        String parameter = second ? "bucket" : "db";
        String name = query.parameters().getOrDefault(parameter, "");
        if (name.isEmpty() || name.length() > LONGEST) {
            throw Refusal.malformed((second ? "bucket" : "database") + " is required: say " + parameter
                    + "= in the query, at most " + LONGEST + " characters");
        }
        String precision = query.parameters().getOrDefault("precision", "ns");
        Long unit = UNITS.get(precision.isEmpty() ? "ns" : precision);
        if (unit == null) {
            throw Refusal.malformed("precision must be ns, us, ms or s" + (second ? "" : ", m or h"));
        }
        return new Wanted("influx/" + segment(name) + "/", unit, query.sender(), query.hops(), query.trace());
    }

    /// A name as a segment of an address, in which some characters mean something.
    private static String segment(String name) {
        StringBuilder out = new StringBuilder(name.length());
        for (int i = 0; i < name.length() && i < LONGEST; i++) {
            char c = name.charAt(i);
            out.append(c == '/' || c == '+' || c == '#' || Character.isISOControl(c) ? '_' : c);
        }
        String segment = out.toString();
        return segment.equals(".") || segment.equals("..") ? "_" : segment;
    }

    @Override
    public boolean hasUserInQuery() {
        return !second;
    }

    @Override
    public Reply refused(Refusal refusal) {
        String detail = refusal.status == 401 && !second ? "authorization failed" : refusal.detail();
        return error(refusal.status, code(refusal.status), detail, refusal.headers);
    }

    @Override
    public Reply answer(Batch batch, Progress progress) {
        if (progress.next() < batch.size()) {
            return error(
                    503,
                    "unavailable",
                    "there is no room for more now: " + progress.accepted() + " points accepted, send again from line "
                            + batch.number(progress.next()) + " on",
                    Refusal.RETRY_AFTER);
        }
        if (progress.rejected() > 0) {
            Progress.Rejection first = progress.rejections().getFirst();
            boolean forbidden = progress.accepted() == 0
                    && progress.rejections().stream()
                            .allMatch(each -> each.reason().equals("not-authorized"));
            return error(
                    forbidden ? 403 : 400,
                    forbidden ? "forbidden" : "invalid",
                    "partial write: line " + batch.number(first.element()) + ": " + first.reason() + ": "
                            + withoutLine(first.detail()) + " dropped=" + progress.rejected(),
                    Map.of());
        }
        return withVersion(Reply.DONE);
    }

    /// A decoder gets one line and calls it the first; ours has the number that the client knows.
    private static String withoutLine(String detail) {
        return detail.startsWith("line 1 ") ? detail.substring("line 1 ".length()) : detail;
    }

    private static String code(int status) {
        return switch (status) {
            case 401 -> "unauthorized";
            case 403 -> "forbidden";
            case 404 -> "not found";
            case 405 -> "method not allowed";
            case 413 -> "request too large";
            case 429 -> "too many requests";
            case 503 -> "unavailable";
            default -> "invalid";
        };
    }

    private Reply error(int status, String code, String message, Map<String, String> headers) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        String json;
        if (second) {
            json = "{\"code\":" + Reply.quoted(code) + ",\"message\":" + Reply.quoted(message) + "}";
        } else {
            all.put("X-Influxdb-Error", ascii(message));
            json = "{\"error\":" + Reply.quoted(message) + "}";
        }
        return withVersion(Reply.json(status, "application/json", json, all));
    }

    /// What may stand in a header.
    private static String ascii(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.chars().forEach(c -> out.append(c >= 0x20 && c < 0x7f ? (char) c : '?'));
        return out.toString();
    }

    static Reply withVersion(Reply reply) {
        Reply all = reply;
        for (Map.Entry<String, String> header : HEADERS.entrySet()) {
            all = all.with(header.getKey(), header.getValue());
        }
        return all;
    }

    /// What a statement of version 1 is answered. A database needs no creation here, and clients
    /// that ask for it go on when they are told that it is done.
    static Reply query(String statement) throws Refusal {
        if (!statement.strip().toLowerCase(Locale.ROOT).startsWith("create database")) {
            throw new Refusal(400, "query", "only writes are taken here, no queries: ask the node's own interface");
        }
        String json = "{\"results\":[{\"statement_id\":0}]}";
        return withVersion(Reply.json(200, "application/json", json, Map.of()));
    }

    /// What `GET /health` says.
    static Reply health() {
        String json = "{\"name\":\"influxdb\",\"message\":\"ready for writes\",\"status\":\"pass\",\"checks\":[],"
                + "\"version\":\"" + VERSION + "\"}";
        return withVersion(Reply.json(200, "application/json", json, Map.of()));
    }
}
