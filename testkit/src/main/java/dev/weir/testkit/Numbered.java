package dev.weir.testkit;

import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.runtime.Lane;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// A message of the contracts: the n-th of a device.
///
/// @param device `d1`, `d2`, …
/// @param n from 0
public record Numbered(String device, int n) {
    private static final Pattern DEVICE = Pattern.compile("\"device\"\\s*:\\s*\"([^\"]*)\"");
    private static final Pattern NUMBER = Pattern.compile("\"n\"\\s*:\\s*(\\d+)");

    /// The first `count` of a device.
    public static List<Numbered> first(String device, int count) {
        return IntStream.range(0, count).mapToObj(n -> new Numbered(device, n)).toList();
    }

    /// As JSON: `{"device":"d1","n":3}`.
    public String json() {
        return "{\"device\":\"" + device + "\",\"n\":" + n + "}";
    }

    /// The bytes of [#json].
    public byte[] bytes() {
        return json().getBytes(StandardCharsets.UTF_8);
    }

    /// As a reading of `schema`, with the field `n`.
    public Reading reading(Schema schema) {
        long time = 1_700_000_000_000_000_000L + n * 1_000_000L;
        Reading reading = new Reading(schema, device, time, time, "contract", 1, n, Lane.SAMPLE);
        reading.set(schema.slotFor("n"), (long) n);
        return reading;
    }

    /// Finds the message in JSON, whatever else is in there: its own, or that of a reading.
    public static Numbered in(String json) {
        List<Numbered> all = allIn(json);
        if (all.size() != 1) {
            throw new AssertionError("expected one message with \"device\" and \"n\", but got " + json);
        }
        return all.getFirst();
    }

    /// Finds the messages in JSON in their order: `device` stands before `n` in each.
    public static List<Numbered> allIn(String json) {
        List<Numbered> found = new ArrayList<>();
        Matcher device = DEVICE.matcher(json);
        Matcher number = NUMBER.matcher(json);
        int from = 0;
        while (device.find(from) && number.find(device.end())) {
            found.add(new Numbered(device.group(1), Integer.parseInt(number.group(1))));
            from = number.end();
        }
        return found;
    }
}
