package dev.weir.node.debug;

import dev.weir.node.debug.Profile.Weight;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import one.proto.Proto;

/// The format of `pprof` (`perftools.profiles.Profile`, a gzipped protocol buffer): what
/// `go tool pprof` and most services for profiles read. The numbers of the fields are those of
/// profile.proto of github.com/google/pprof.
public final class Pprof {
    private static final int INITIAL_BYTES = 64 * 1024;

    private final Map<String, Integer> texts = new LinkedHashMap<>();
    private final Map<String, Integer> functions = new LinkedHashMap<>();
    private final Map<Stack.Frame, Integer> locations = new LinkedHashMap<>();
    private final Proto out = new Proto(INITIAL_BYTES);
    private final Proto inner = new Proto(INITIAL_BYTES);
    private final Proto list = new Proto(1024);

    private Pprof() {
        text("");
    }

    /// The profile in that format.
    public static byte[] gzip(Profile profile) throws IOException {
        return new Pprof().encode(profile);
    }

    private byte[] encode(Profile profile) throws IOException {
        valueType(1, "samples", "count");
        valueType(1, profile.subject().word(), profile.subject().unit());
        for (Map.Entry<Stack, Weight> entry : profile.weights().entrySet()) {
            sample(entry.getKey(), entry.getValue());
        }
        locations();
        functions();
        out.field(9, profile.start().toEpochMilli() * 1_000_000);
        out.field(10, profile.time().toNanos());
        texts.keySet().forEach(text -> out.field(6, text));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(out.buffer(), 0, out.size());
        }
        return bytes.toByteArray();
    }

    private void valueType(int field, String type, String unit) {
        inner.reset();
        inner.field(1, text(type)).field(2, text(unit));
        out.field(field, inner);
    }

    /// Locations go from the innermost frame to the outermost.
    private void sample(Stack stack, Weight weight) {
        inner.reset();
        list.reset();
        for (Stack.Frame frame : stack.frames().reversed()) {
            list.writeInt(locations.computeIfAbsent(frame, _ -> locations.size() + 1));
        }
        inner.field(1, list);
        list.reset();
        list.writeLong(weight.samples());
        list.writeLong(weight.value());
        inner.field(2, list);
        out.field(2, inner);
    }

    private void locations() {
        Proto line = new Proto(32);
        locations.forEach((frame, id) -> {
            line.reset();
            line.field(1, functions.computeIfAbsent(frame.method(), _ -> functions.size() + 1))
                    .field(2, frame.line());
            inner.reset();
            inner.field(1, id).field(4, line);
            out.field(4, inner);
        });
    }

    private void functions() {
        functions.forEach((name, id) -> {
            inner.reset();
            inner.field(1, id).field(2, text(name)).field(3, text(name));
            out.field(5, inner);
        });
    }

    private int text(String text) {
        return texts.computeIfAbsent(text, _ -> texts.size());
    }
}
