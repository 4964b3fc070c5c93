package dev.weir.connect.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Connector;
import dev.weir.engine.Receipt;
import dev.weir.engine.Source;
import dev.weir.engine.config.ConfigFile;
import dev.weir.engine.config.Problem;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Yaml;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.RecordingInlet;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is sent of this machine, and what the config may say.
@Timeout(60)
class SystemSourceIT {
    private static final Pattern NUMBER = Pattern.compile("\"(\\w+)\":(-?[\\d.E]+)");

    private final RecordingInlet inlet = new RecordingInlet();

    static SystemOptions options(String yaml, Duration interval) {
        Problems problems = new Problems();
        SystemOptions options = read(yaml, problems);
        if (!problems.all().isEmpty()) {
            throw new AssertionError(problems.all().toString());
        }
        return new SystemOptions(
                options.address(),
                interval,
                options.heartbeat(),
                options.metrics(),
                options.deadbands(),
                options.disks(),
                options.interfaces(),
                options.maxParts());
    }

    private static SystemOptions read(String yaml, Problems problems) {
        Section section = Section.check(
                Yaml.parse(new ConfigFile("test.yaml", yaml), Map.of(), problems)
                        .orElseThrow(),
                SystemOptions.SHAPE,
                problems);
        return SystemOptions.of(section, "node-1", problems);
    }

    private static List<String> mistakes(String yaml) {
        Problems problems = new Problems();
        read(yaml, problems);
        return problems.all().stream().map(Problem::message).toList();
    }

    private static double number(Map<String, String> messages, String metric, String name) {
        Matcher matcher = NUMBER.matcher(messages.getOrDefault("system/node-1/" + metric, ""));
        while (matcher.find()) {
            if (matcher.group(1).equals(name)) {
                return Double.parseDouble(matcher.group(2));
            }
        }
        throw new AssertionError("no " + name + " in " + messages);
    }

    @Test
    void thisMachine_isMeasured() throws Exception {
        SystemOptions options = options("{ heartbeat: 1s }", Duration.ofMillis(20));
        Map<String, String> messages = new HashMap<>();
        try (Source source = new SystemSource(
                options, "machine", () -> new OshiMachine(options, System::nanoTime), InstantSource.system())) {
            source.open(inlet);
            Eventually.until("each metric that every machine has came", () -> {
                RecordingInlet.Taken next = inlet.taken.poll();
                if (next != null) {
                    messages.put(next.address(), next.text());
                    assertThat(next.contentType()).isEqualTo("application/json");
                }
                return messages.keySet()
                        .containsAll(List.of(
                                "system/node-1/cpu",
                                "system/node-1/memory",
                                "system/node-1/process",
                                "system/node-1/disk/root"));
            });
        }
        assertThat(number(messages, "cpu", "busy")).isBetween(0.0, 100.0);
        assertThat(number(messages, "memory", "used") + number(messages, "memory", "available"))
                .isEqualTo(number(messages, "memory", "total"));
        assertThat(number(messages, "process", "rss")).isGreaterThan(10e6);
        assertThat(number(messages, "process", "heap_used")).isPositive();
        assertThat(number(messages, "disk/root", "used_percent")).isBetween(0.0, 100.0);
        assertThat(messages.getOrDefault("system/node-1/disk/root", "")).contains("\"mount\":\"/\"");
        assertThat(messages.getOrDefault("system/node-1/temperature", "")).doesNotContain("\"cpu\":0}");
    }

    @Test
    void sample_refusedForOverload_isFollowedByANewOne() throws Exception {
        inlet.receipt = Receipt.OVERLOADED;
        SystemOptions options = options("{}", Duration.ofMillis(2));
        Machine still = () -> List.of(new Sample(Metric.TEMPERATURE, "").with("cpu", 40.0));
        try (Source source = new SystemSource(options, "machine", () -> still, InstantSource.system())) {
            source.open(inlet);
            inlet.next();
            inlet.next();
            inlet.receipt = Receipt.ACCEPTED;
            long sent = inlet.count.get();
            Eventually.until("it was taken", () -> inlet.count.get() > sent);
            long taken = inlet.count.get();
            Eventually.never("a value that does not move came again", () -> inlet.count.get() > taken + 1);
        }
    }

    @Test
    void connector_isFoundAndItsShapeHolds() {
        assertThat(ServiceLoader.load(Connector.class).stream().map(ServiceLoader.Provider::get))
                .singleElement()
                .isInstanceOf(SystemConnector.class);
        SystemOptions.SHAPE.verify();
    }

    @Test
    void options_thatAreWrong_areRefused() {
        assertThat(mistakes("{ deadband: { cpu: much } }"))
                .singleElement()
                .asString()
                .contains("such as 2%", "'much'");
        assertThat(mistakes("{ address: \"x/+\" }")).singleElement().asString().contains("'x/+'");
        assertThat(mistakes("{ metrics: cpu, disks: { include: [\"/\"] }, deadband: { memory: 5% } }"))
                .isEmpty();
    }
}
