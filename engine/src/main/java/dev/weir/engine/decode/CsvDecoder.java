package dev.weir.engine.decode;

import dev.weir.engine.Message;
import dev.weir.engine.Reading;
import java.util.ArrayList;
import java.util.List;

/// Lines of separated values, one reading each. The names of the columns come from the config or
/// from the first line. An empty value is an absent field; quotes do not make a number a text.
final class CsvDecoder implements Decoder {
    private final Fields fields;
    private final char delimiter;
    private final List<String> columns;

    /// The columns of the header seen last, since the next is likely the same.
    private volatile Header header;

    private record Header(List<String> columns, List<Target> targets) {}

    /// @param columns the names of the columns; empty when the first line has them
    CsvDecoder(Fields fields, char delimiter, List<String> columns) throws DecodeException {
        this.fields = fields;
        this.delimiter = delimiter;
        this.columns = List.copyOf(columns);
        this.header = resolve(this.columns);
    }

    @Override
    public void decode(Message message, Output out) throws DecodeException, InterruptedException {
        CsvLines lines = new CsvLines(RawDecoder.text(message), delimiter);
        List<String> values = new ArrayList<>();
        List<Target> targets = columns.isEmpty() ? header(lines, values) : header.targets;
        int count = 0;
        while (lines.next(values)) {
            if (++count > MAX_READINGS) {
                throw Fault.tooMany(MAX_READINGS);
            }
            out.accept(reading(lines, values, targets, out.blank()));
        }
        if (count == 0) {
            throw Fault.noReading("the text");
        }
    }

    private Reading reading(CsvLines lines, List<String> values, List<Target> targets, Reading reading)
            throws DecodeException {
        if (values.size() != targets.size()) {
            throw Fault.malformed(
                    "line " + lines.line() + " must have " + targets.size() + " values, but has " + values.size());
        }
        for (int i = 0; i < targets.size(); i++) {
            String value = values.get(i);
            if (!value.isEmpty()) {
                targets.get(i).parse(reading, value, true);
            }
        }
        return Target.complete(reading);
    }

    private List<Target> header(CsvLines lines, List<String> values) throws DecodeException {
        if (!lines.next(values)) {
            throw Fault.noReading("the text");
        }
        Header last = header;
        if (!last.columns.equals(values)) {
            last = resolve(List.copyOf(values));
            header = last;
        }
        return last.targets;
    }

    private Header resolve(List<String> names) throws DecodeException {
        List<Target> targets = new ArrayList<>(names.size());
        for (String name : names) {
            targets.add(fields.target(name));
        }
        return new Header(names, List.copyOf(targets));
    }
}
