package dev.weir.node.api;

import dev.weir.node.debug.BusyException;
import dev.weir.node.debug.Collapsed;
import dev.weir.node.debug.FlameGraphPage;
import dev.weir.node.debug.Heap;
import dev.weir.node.debug.Pprof;
import dev.weir.node.debug.Profile;
import dev.weir.node.debug.Profiler;
import dev.weir.node.debug.Subject;
import dev.weir.runtime.RateLimiter;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the node is busy with, for who looks after it: profiles, the heap, how much is logged. For
/// the administrator only, since stacks and classes tell what is inside.
final class DebugHandlers {
    private static final Logger LOG = LoggerFactory.getLogger(DebugHandlers.class);
    private static final Set<String> LEVELS = Set.of("error", "warn", "info", "debug", "trace");
    private static final String LOGGER_NAME = "[A-Za-z0-9_.$-]{1,200}";
    private static final int USUAL_SECONDS = 10;
    private static final String TEXT = "text/plain;charset=utf-8";

    /// The page has its script and its style in it.
    private static final Map<String, String> PAGE = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; frame-ancestors 'none'");

    private final ApiModel model;
    private final RateLimiter looks;
    private final Profiler profiler = new Profiler();

    DebugHandlers(ApiModel model, RateLimiter looks) {
        this.model = model;
        this.looks = looks;
    }

    Answer profile(Call call) throws ApiException, InterruptedException, IOException {
        call.caller().mustBeAdmin(model.admin());
        Duration time = seconds(call);
        String word = call.first("kind").orElse(Subject.CPU.word());
        Subject subject = Subject.of(word)
                .orElseThrow(() -> new ApiException(
                        400,
                        "'kind' must be one of " + String.join(", ", Subject.words()) + ", but was '" + word + "'"));
        Form form = form(call.first("format").orElse("flame"));
        try {
            Profile profile = profiler.profile(subject, time);
            LOG.atInfo()
                    .addKeyValue("kind", subject.word())
                    .addKeyValue("samples", profile.samples())
                    .log("profiled");
            return switch (form) {
                case FLAME -> new Answer.Content(200, "text/html;charset=utf-8", FlameGraphPage.html(profile), PAGE);
                case PPROF -> file("application/octet-stream", Pprof.gzip(profile), subject.word() + ".pb.gz");
                case COLLAPSED -> Answer.of(TEXT, Collapsed.text(profile));
            };
        } catch (BusyException e) {
            throw busy(e);
        }
    }

    private enum Form {
        FLAME,
        PPROF,
        COLLAPSED
    }

    private static Form form(String word) throws ApiException {
        return switch (word) {
            case "flame" -> Form.FLAME;
            case "pprof" -> Form.PPROF;
            case "collapsed" -> Form.COLLAPSED;
            default ->
                throw new ApiException(400, "'format' must be flame, pprof or collapsed, but was '" + word + "'");
        };
    }

    Answer trace(Call call) throws ApiException, InterruptedException, IOException {
        call.caller().mustBeAdmin(model.admin());
        try {
            return file("application/octet-stream", profiler.trace(seconds(call)), "weir.jfr");
        } catch (BusyException e) {
            throw busy(e);
        }
    }

    Answer heap(Call call) throws ApiException {
        call.caller().mustBeAdmin(model.admin());
        InsideHandlers.admit(looks);
        return Answer.of(TEXT, Heap.text());
    }

    Answer levels(Call call) throws ApiException {
        call.caller().mustBeAdmin(model.admin());
        return levels();
    }

    Answer level(Call call) throws ApiException {
        call.caller().mustBeAdmin(model.admin());
        Map<String, String> fields = JsonBody.texts(call.body(), Set.of("logger", "level"));
        String logger = fields.getOrDefault("logger", "root");
        String level = fields.getOrDefault("level", "");
        if (!LEVELS.contains(level)) {
            throw new ApiException(400, "'level' must be error, warn, info, debug or trace, but was '" + level + "'");
        }
        if (!logger.matches(LOGGER_NAME)) {
            throw new ApiException(400, "'logger' must be the name of a logger, or root, but was '" + logger + "'");
        }
        if (!model.logLevels().set(logger, level)) {
            throw new ApiException(
                    409, "too many loggers have a level of their own; set the level of one of those, or of root");
        }
        LOG.atInfo().addKeyValue("of", logger).addKeyValue("to", level).log("log level set");
        return levels();
    }

    private Answer levels() {
        return Answer.json(200, Json.object(json -> {
            json.writeObjectPropertyStart("levels");
            new TreeMap<>(model.logLevels().levels()).forEach(json::writeStringProperty);
            json.writeEndObject();
        }));
    }

    private static Duration seconds(Call call) throws ApiException {
        String text = call.first("seconds").orElse(String.valueOf(USUAL_SECONDS));
        long most = Profiler.LONGEST.toSeconds();
        if (!text.matches("\\d{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > most) {
            throw new ApiException(400, "'seconds' must be between 1 and " + most + ", but was '" + text + "'");
        }
        return Duration.ofSeconds(Integer.parseInt(text));
    }

    private static ApiException busy(BusyException e) {
        return new ApiException(
                429,
                Objects.toString(e.getMessage(), ""),
                Map.of("Retry-After", String.valueOf(Math.max(1, e.left().toSeconds()))));
    }

    private static Answer.Content file(String type, byte[] bytes, String name) {
        return new Answer.Content(
                200, type, bytes, Map.of("Content-Disposition", "attachment; filename=\"" + name + "\""));
    }
}
