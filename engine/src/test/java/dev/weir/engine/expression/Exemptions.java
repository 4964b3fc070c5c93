package dev.weir.engine.expression;

import dev.weir.engine.expression.ConformanceTest.Outcome;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Why cases do not pass. All but those of namespaces have to be refused at compile time, with a
/// position.
enum Exemptions {
    MESSAGES(
            "protobuf messages, enums and wrappers are no part of the language here",
            "TestAllTypes|google\\.protobuf\\.|GlobalEnum|proto[23]?\\."),
    OPTIONALS("optional values are no part of the language here", "optional\\.|\\.\\?|\\[\\?|\\{\\?"),
    BINDING("cel.bind and cel.block are no part of the language here", "cel\\."),
    FORMAT("string.format is no part of the language here", "\\.format\\("),
    BASE64("base64 is no part of the language here", "base64\\."),
    ALWAYS_CHECKED("the type checker is never off, so that this is found before it runs", "");

    private final String reason;
    private final String mark;

    Exemptions(String reason, String mark) {
        this.reason = reason;
        this.mark = mark;
    }

    private boolean covers(ConformanceCase each) {
        return switch (this) {
            case MESSAGES -> each.declares() || each.mentions(mark);
            case OPTIONALS, BINDING, FORMAT, BASE64 -> each.mentions(mark);
            case ALWAYS_CHECKED -> each.unchecked();
        };
    }

    private static final Map<Exemptions, Integer> COUNTS = new EnumMap<>(Exemptions.class);

    /// The two cases whose name means something else in a container, which Weir does not have.
    private static final List<String> CONTAINERS = List.of(
            "conformance/namespace/namespace/self_eval_container_lookup",
            "conformance/namespace/namespace/self_eval_container_lookup_unchecked");

    static Outcome outcome(ConformanceCase each, String result) {
        if (CONTAINERS.contains(each.id())) {
            return Outcome.EXEMPT;
        }
        if (!result.startsWith("refused:")) {
            return Outcome.FAILED;
        }
        return Stream.of(values())
                .filter(exemption -> exemption.covers(each))
                .findFirst()
                .map(exemption -> {
                    COUNTS.merge(exemption, 1, Integer::sum);
                    return Outcome.REFUSED;
                })
                .orElse(Outcome.FAILED);
    }

    static List<String> report() {
        return Stream.of(values())
                .map(exemption -> COUNTS.getOrDefault(exemption, 0) + " refused: " + exemption.reason)
                .toList();
    }

    static List<Exemptions> unused() {
        return Stream.of(values())
                .filter(exemption -> !COUNTS.containsKey(exemption))
                .toList();
    }
}
