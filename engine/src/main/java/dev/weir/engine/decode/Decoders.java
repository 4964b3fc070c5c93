package dev.weir.engine.decode;

import dev.weir.engine.Meters;
import dev.weir.engine.Schema;
import dev.weir.engine.config.Location;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Section.Located;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes a [Decoder] of what the config says.
public final class Decoders {
    private Decoders() {}

    /// The settings of a decoder, whichever it is.
    private record Settings(
            String name,
            Location location,
            @Nullable String time,
            EpochUnit unit,
            List<Located<String>> columns,
            Located<String> delimiter,
            String field,
            Optional<Section> lines) {
        boolean isSenml() {
            return name.startsWith("senml-");
        }

        @Nullable
        String lineDevice() {
            return lines.map(options -> options.textOrNull("device")).orElse(null);
        }
    }

    /// Makes the decoder of a pipeline. What the shape could not check becomes a problem; then the
    /// decoder must not be used.
    ///
    /// @param pipeline the block that has the option of [DecodeShape#option]
    /// @param schema the stream's fields, with those declared that `fields:` names; their types
    ///     are enforced
    /// @param device the field with the device, or null where the address has it
    /// @param meters where it counts what it does not keep
    public static Decoder compile(
            Section pipeline, Schema schema, @Nullable Located<String> device, Meters meters, Problems problems) {
        Settings settings = settings(pipeline);
        check(settings, device, problems);
        String named = device == null ? settings.lineDevice() : device.value();
        Fields fields = new Fields(schema, settings.time, settings.unit, named, meters);
        try {
            return TypedDecoder.of(settings.name, decoder(settings, fields, problems));
        } catch (DecodeException badName) {
            problems.error(settings.location, String.valueOf(badName.getMessage()));
            return new JsonDecoder(Syntax.JSON, fields);
        }
    }

    private static Decoder decoder(Settings settings, Fields fields, Problems problems) throws DecodeException {
        return switch (settings.name) {
            case "json" -> new JsonDecoder(Syntax.JSON, fields);
            case "cbor" -> new JsonDecoder(Syntax.CBOR, fields);
            case "senml-json" -> new SenmlDecoder(Syntax.JSON, fields);
            case "senml-cbor" -> new SenmlDecoder(Syntax.CBOR, fields);
            case "csv" -> {
                char delimiter = delimiter(settings.delimiter, problems);
                List<String> columns =
                        settings.columns.stream().map(Located::value).toList();
                yield new CsvDecoder(fields, delimiter, columns);
            }
            case DecodeShape.LINE_PROTOCOL -> {
                Section options = settings.lines.orElseThrow();
                EpochUnit unit = EpochUnit.of(options.text("unit"));
                yield new LineProtocolDecoder(fields, unit, options.textOrNull("measurement"));
            }
            case "raw" -> new RawDecoder(fields, settings.field);
            default -> throw new IllegalArgumentException("no decoder '" + settings.name + "'");
        };
    }

    /// Whether the payload itself says which device sent it, so that neither the address nor a
    /// field must.
    public static boolean bringsDevice(Section pipeline) {
        Settings settings = settings(pipeline);
        return settings.isSenml() || settings.lineDevice() != null;
    }

    private static Settings settings(Section pipeline) {
        Located<String> comma = new Located<>(pipeline.at("decode"), ",");
        Section.Tag tag = pipeline.tag("decode");
        Section options = tag.section();
        boolean csv = tag.name().equals("csv");
        boolean timed = (csv || tag.name().equals("json") || tag.name().equals("cbor")) && options.has("time");
        String time = null;
        EpochUnit unit = EpochUnit.MS;
        if (timed && options.isText("time")) {
            time = options.text("time");
        } else if (timed) {
            time = options.group("time").text("field");
            unit = EpochUnit.of(options.group("time").text("unit"));
        }
        return new Settings(
                tag.name(),
                tag.location(),
                time,
                unit,
                csv ? options.texts("columns") : List.of(),
                csv ? options.located("delimiter") : comma,
                tag.name().equals("raw") ? options.text("field") : "value",
                tag.name().equals(DecodeShape.LINE_PROTOCOL) ? Optional.of(options) : Optional.empty());
    }

    private static void check(Settings settings, @Nullable Located<String> device, Problems problems) {
        if (device != null && settings.isSenml()) {
            problems.error(device.location(), "'device' cannot name a field here: a SenML pack brings its devices");
        }
        if (device != null && settings.lineDevice() != null) {
            problems.error(device.location(), "'device' is also named in 'line-protocol': say it once");
        }
        if (device != null && device.value().equals(settings.time)) {
            problems.error(device.location(), "field '" + device.value() + "' cannot be both time and device");
        }
        if (settings.columns.isEmpty()) {
            return;
        }
        List<String> names = settings.columns.stream().map(Located::value).toList();
        for (int i = 0; i < names.size(); i++) {
            if (names.indexOf(names.get(i)) < i) {
                problems.error(settings.columns.get(i).location(), "column '" + names.get(i) + "' is there twice");
            }
        }
        if (settings.time != null && !names.contains(settings.time)) {
            problems.error(settings.location, "'time' names '" + settings.time + "', which is no column: " + names);
        }
        if (device != null && !names.contains(device.value())) {
            problems.error(device.location(), "'device' names '" + device.value() + "', which is no column: " + names);
        }
    }

    private static char delimiter(Located<String> option, Problems problems) {
        String text = option.value().equals("tab") ? "\t" : option.value();
        if (text.length() != 1 || "\"\r\n".contains(text)) {
            problems.error(
                    option.location(), "delimiter must be one character, or 'tab', but was '" + option.value() + "'");
            return ',';
        }
        return text.charAt(0);
    }
}
