package dev.weir.node.api;

import dev.weir.node.debug.SchedulerReport;
import dev.weir.runtime.Lane;
import dev.weir.runtime.RateLimiter;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.SchedulerStats;
import dev.weir.runtime.inspect.Dump;
import dev.weir.runtime.inspect.LeakReport;
import dev.weir.runtime.inspect.WaitGraph;
import java.time.Duration;
import java.util.Map;

/// What the virtual threads of the node do and wait for, for who looks after it when something
/// hangs. For the administrator only, since stacks and names tell what is inside.
final class InsideHandlers {
    private static final String TEXT = "text/plain;charset=utf-8";
    private static final int USUAL_FRAMES = 32;
    private static final int MOST_FRAMES = 200;
    private static final int USUAL_THREADS = 1_000;
    private static final int MOST_THREADS = 100_000;

    /// How long a thread must have waited to be suspected where a leak cannot be proven.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final ApiModel model;
    private final RateLimiter looks;

    InsideHandlers(ApiModel model, RateLimiter looks) {
        this.model = model;
        this.looks = looks;
    }

    Answer threads(Call call) throws ApiException {
        admit(call);
        int frames = number(call, "frames", USUAL_FRAMES, 0, MOST_FRAMES);
        int most = number(call, "limit", USUAL_THREADS, 1, MOST_THREADS);
        String show = word(call, "show", "threads", "threads", "waits", "leaks");
        boolean json = word(call, "format", "text", "text", "json").equals("json");
        if (json && !show.equals("threads")) {
            throw new ApiException(400, "'format' can be json for 'show' threads only, but that was '" + show + "'");
        }
        return switch (show) {
            case "waits" -> Answer.of(TEXT, waits(WaitGraph.take()));
            case "leaks" -> Answer.of(TEXT, LeakReport.take(PATIENCE).text());
            default -> {
                Dump dump = Dump.take(most, frames);
                yield json ? Answer.json(200, dump.json()) : Answer.of(TEXT, dump.text());
            }
        };
    }

    private static String waits(WaitGraph graph) {
        String text = graph.text();
        return text.isEmpty() ? "no virtual thread waits\n" : text;
    }

    Answer scheduler(Call call) throws ApiException {
        admit(call);
        SchedulerStats stats = Scheduler.shared().stats();
        return word(call, "format", "text", "text", "json").equals("text")
                ? Answer.of(TEXT, SchedulerReport.text(stats))
                : Answer.json(200, json(stats));
    }

    private void admit(Call call) throws ApiException {
        call.caller().mustBeAdmin(model.admin());
        admit(looks);
    }

    /// Lets those wait who look too often: a look takes some microseconds for each thread, of which
    /// there may be a hundred thousand, or collects garbage.
    static void admit(RateLimiter looks) throws ApiException {
        if (!looks.allow()) {
            throw new ApiException(
                    429, "too many looks: one in a second, and five at once", Map.of("Retry-After", "1"));
        }
    }

    private static int number(Call call, String name, int usual, int least, int most) throws ApiException {
        String text = call.first(name).orElse(String.valueOf(usual));
        if (!text.matches("\\d{1,6}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw new ApiException(
                    400, "'" + name + "' must be between " + least + " and " + most + ", but was '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    private static String word(Call call, String name, String usual, String... words) throws ApiException {
        String text = call.first(name).orElse(usual);
        for (String word : words) {
            if (word.equals(text)) {
                return word;
            }
        }
        throw new ApiException(
                400, "'" + name + "' must be one of " + String.join(", ", words) + ", but was '" + text + "'");
    }

    private static String json(SchedulerStats stats) {
        return Json.object(json -> {
            json.writeStringProperty("name", stats.name());
            json.writeNumberProperty("processors", stats.processors());
            json.writeNumberProperty("idle", stats.idle());
            json.writeNumberProperty("carriers", stats.carriers());
            json.writeNumberProperty("spinning", stats.spinning());
            json.writeNumberProperty("resting", stats.resting());
            json.writeNumberProperty("detached", stats.detached());
            json.writeObjectPropertyStart("threads");
            stats.threads().forEach((state, count) -> json.writeNumberProperty(state.name(), count));
            json.writeEndObject();
            json.writeObjectPropertyStart("queued");
            stats.queued().forEach((lane, count) -> json.writeNumberProperty(lane.name(), count));
            json.writeEndObject();
            Json.array(json, "perProcessor", stats.perProcessor(), one -> {
                json.writeNumberProperty("turns", one.turns());
                json.writeNumberProperty("handOffs", one.handOffs());
                one.queued().forEach((lane, count) -> json.writeNumberProperty("queued" + lane.name(), count));
            });
            json.writeNumberProperty("stolen", stats.stolen());
            json.writeNumberProperty("retaken", stats.retaken());
            json.writeNumberProperty("lent", stats.lent());
            json.writeNumberProperty("refused", stats.refused());
            json.writeNumberProperty("rested", stats.rested());
            json.writeObjectPropertyStart("latencyNanos");
            for (Lane lane : stats.latency().keySet()) {
                var latency = stats.latency().get(lane);
                json.writeObjectPropertyStart(lane.name());
                json.writeNumberProperty("measured", latency.measured());
                json.writeNumberProperty("p50", latency.quantile(0.5).toNanos());
                json.writeNumberProperty("p99", latency.quantile(0.99).toNanos());
                json.writeEndObject();
            }
            json.writeEndObject();
        });
    }
}
