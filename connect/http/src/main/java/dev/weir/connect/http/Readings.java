package dev.weir.connect.http;

import dev.weir.engine.Message;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/// `POST /{address}` with one or more readings; answers in problem documents (RFC 9457).
final class Readings implements Dialect {
    private static final String PROBLEM = "application/problem+json";
    private static final String JSON = "application/json";
    private static final int LONGEST = 1024;

    /// From this length of an answer on, further rejections are not told in detail.
    private static final int LONG_ANSWER = 2_000;

    /// How a body becomes messages.
    private record Form(Elements.Scanner scanner, String unit, String type) {}

    private record Wanted(
            String address,
            Form form,
            String sender,
            int hops,
            @Nullable String trace) implements Wish {
        @Override
        public Batch split(Body body) throws Refusal {
            Elements elements = Elements.split(body, form.scanner);
            if (elements.size() == 0) {
                throw Refusal.malformed("the body holds no reading");
            }
            return new Messages(this, body, elements);
        }
    }

    private record Messages(Wanted wanted, Body body, Elements elements) implements Batch {
        @Override
        public int size() {
            return elements.size();
        }

        @Override
        public Message message(int index) {
            int from = elements.start(index);
            return new Message(
                    wanted.address,
                    body.bytes(),
                    from,
                    elements.end(index) - from,
                    wanted.form.type.isEmpty() ? null : wanted.form.type,
                    wanted.sender,
                    wanted.hops,
                    wanted.trace);
        }

        @Override
        public boolean hasOneAddress() {
            return true;
        }

        @Override
        public String unit() {
            return wanted.form.unit;
        }

        @Override
        public int number(int index) {
            return unit().equals("line") ? elements.line(index) : index;
        }
    }

    @Override
    public Wish wish(Query query) throws Refusal {
        return new Wanted(address(query.path()), form(query.type()), query.sender(), query.hops(), query.trace());
    }

    private static Form form(String type) throws Refusal {
        return switch (type) {
            case JSON -> new Form(JsonElements::scan, "element", JSON);
            case "application/x-ndjson", "application/jsonl", "application/ndjson", "application/jsonlines" ->
                new Form(Elements::lines, "line", JSON);
            // What curl says unless it is told: nothing about the body.
            case "", "application/x-www-form-urlencoded" -> new Form(Elements::whole, "element", "");
            case "application/senml+json",
                    "application/senml+cbor",
                    "application/cbor",
                    "text/csv",
                    "text/plain",
                    "application/octet-stream" -> new Form(Elements::whole, "element", type);
            default ->
                throw new Refusal(
                        415,
                        "unsupported-type",
                        "the content type must be application/json, application/x-ndjson, application/senml+json,"
                                + " application/senml+cbor, application/cbor, text/csv, text/plain or"
                                + " application/octet-stream,"
                                + " but was '" + (type.length() <= 80 ? type : type.substring(0, 80) + "…") + "'");
        };
    }

    /// The path without its leading slash.
    private static String address(String path) throws Refusal {
        String raw = path.substring(1);
        if (raw.isEmpty() || raw.length() > LONGEST) {
            throw Refusal.malformed("the path must have 1 to " + LONGEST + " characters: it is the readings' address");
        }
        String address = decoded(raw);
        for (String segment : address.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                throw Refusal.malformed("the path must not have empty segments, '.' or '..'");
            }
        }
        if (address.chars().anyMatch(c -> c == '+' || c == '#' || Character.isISOControl(c))) {
            throw Refusal.malformed("the path must not have '+', '#' or control characters");
        }
        return address;
    }

    private static String decoded(String raw) throws Refusal {
        if (raw.indexOf('%') < 0) {
            return raw;
        }
        byte[] out = new byte[raw.length()];
        int length = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                int value = i + 2 < raw.length() ? digit(raw.charAt(i + 1)) * 16 + digit(raw.charAt(i + 2)) : -1;
                if (value < 0 || value == '/') {
                    throw Refusal.malformed("the path has a broken escape, or an escaped slash");
                }
                out[length++] = (byte) value;
                i += 2;
            } else if (c > 0x7e) {
                throw Refusal.malformed("the path must escape what is not ASCII");
            } else {
                out[length++] = (byte) c;
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(out, 0, length))
                    .toString();
        } catch (CharacterCodingException notText) {
            throw Refusal.malformed("the path is not UTF-8");
        }
    }

    private static int digit(char c) {
        int digit = Character.digit(c, 16);
        return digit < 0 ? -1_000 : digit;
    }

    @Override
    public boolean hasUserInQuery() {
        return false;
    }

    @Override
    public Reply refused(Refusal refusal) {
        return problem(refusal.status, refusal.detail(), "", refusal.headers);
    }

    @Override
    public Reply answer(Batch batch, Progress progress) {
        if (progress.isUnmatched()) {
            return problem(
                    404,
                    "no pipeline wants this address: correct the path, or give a pipeline that has this source in"
                            + " 'from:' a 'topic:' that matches it",
                    "",
                    Map.of());
        }
        if (progress.next() < batch.size()) {
            int open = batch.number(progress.next());
            return problem(
                    503,
                    "there is no room for more now: wait, and send again from " + batch.unit() + " " + open
                            + " on, or all of it with the same Idempotency-Key",
                    ",\"resend-from\":" + open + counts(batch, progress),
                    Refusal.RETRY_AFTER);
        }
        if (progress.rejected() > 0) {
            Progress.Rejection first = progress.rejections().getFirst();
            return problem(
                    400,
                    batch.unit() + " " + batch.number(first.element()) + ": " + first.detail(),
                    counts(batch, progress),
                    Map.of());
        }
        return Reply.DONE;
    }

    private static String counts(Batch batch, Progress progress) {
        StringBuilder json = new StringBuilder(200);
        json.append(",\"accepted\":").append(progress.accepted());
        json.append(",\"rejected\":").append(progress.rejected());
        json.append(",\"failed\":\"").append(failed(batch, progress)).append("\",\"errors\":[");
        String comma = "";
        for (Progress.Rejection rejection : progress.rejections()) {
            if (json.length() > LONG_ANSWER) {
                break;
            }
            json.append(comma).append("{\"").append(batch.unit()).append("\":");
            json.append(batch.number(rejection.element()));
            json.append(",\"reason\":").append(Reply.quoted(rejection.reason()));
            json.append(",\"detail\":").append(Reply.quoted(rejection.detail())).append('}');
            comma = ",";
        }
        return json.append(']').toString();
    }

    /// Which were rejected: `2,7-9`.
    private static String failed(Batch batch, Progress progress) {
        return progress.stretches().stream()
                .map(stretch -> stretch.first() == stretch.last()
                        ? String.valueOf(batch.number(stretch.first()))
                        : batch.number(stretch.first()) + "-" + batch.number(stretch.last()))
                .collect(Collectors.joining(","));
    }

    private static Reply problem(int status, String detail, String more, Map<String, String> headers) {
        String json = "{\"type\":\"about:blank\",\"title\":" + Reply.quoted(HttpStatus.getMessage(status))
                + ",\"status\":" + status + ",\"detail\":" + Reply.quoted(detail) + more + "}";
        return Reply.json(status, PROBLEM, json, new LinkedHashMap<>(headers));
    }
}
