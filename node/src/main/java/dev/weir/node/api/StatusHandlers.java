package dev.weir.node.api;

import dev.weir.engine.flow.Commands;
import dev.weir.engine.flow.FlowState;
import dev.weir.engine.flow.FlowState.PipelineState;
import dev.weir.engine.flow.FlowState.Sampled;
import dev.weir.engine.flow.FlowState.SegmentState;
import dev.weir.engine.flow.Ledger;
import dev.weir.engine.flow.Supervised;
import dev.weir.engine.flow.Workforce;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/// What the node is and how it does.
final class StatusHandlers {
    private final ApiModel model;

    StatusHandlers(ApiModel model) {
        this.model = model;
    }

    Answer live(Call call) {
        return Answer.json(200, Json.object(json -> json.writeStringProperty("status", "live")));
    }

    Answer ready(Call call) {
        List<String> reasons = model.notReady().get();
        return Answer.json(reasons.isEmpty() ? 200 : 503, Json.object(json -> {
            json.writeStringProperty("status", reasons.isEmpty() ? "ready" : "not ready");
            Json.texts(json, "reasons", reasons);
        }));
    }

    Answer metrics(Call call) {
        return Answer.of(
                "text/plain;version=0.0.4;charset=utf-8", model.metrics().text());
    }

    Answer node(Call call) {
        return Answer.json(200, Json.object(json -> {
            json.writeStringProperty("node", model.node());
            json.writeStringProperty("version", model.version());
            Json.time(json, "started", model.started());
            json.writeNumberProperty(
                    "uptimeSeconds",
                    Duration.between(model.started(), Instant.now()).toSeconds());
            json.writeNumberProperty("epoch", model.store().epoch());
            json.writeStringProperty("java", Runtime.version().toString());
            json.writeNumberProperty("processors", Runtime.getRuntime().availableProcessors());
            Json.texts(json, "streams", model.latest().streams());
        }));
    }

    Answer pipelines(Call call) {
        FlowState state = model.flow().get();
        return Answer.json(200, Json.object(json -> {
            Json.array(json, "pipelines", state.pipelines(), pipeline -> pipeline(json, pipeline));
            Json.array(json, "sinks", state.sinks(), sink -> {
                json.writeStringProperty("name", sink.name());
                workforce(json, sink.workforce(), sink.workforce().workers());
                json.writeNumberProperty("queued", sink.queued());
                json.writeNumberProperty("inHand", sink.inHand());
                json.writeNumberProperty("retries", sink.retries());
                json.writeStringProperty("trouble", sink.trouble());
                json.writeStringProperty("breaker", sink.breaker());
                supervised(json, sink.supervised());
            });
            Json.array(json, "parts", model.parts().get(), part -> {
                json.writeStringProperty("name", part.name());
                supervised(json, part);
            });
        }));
    }

    private static void pipeline(JsonGenerator json, PipelineState pipeline) {
        json.writeStringProperty("name", pipeline.name());
        Json.texts(json, "from", pipeline.from());
        Json.texts(json, "to", pipeline.to());
        json.writeObjectPropertyStart("counts");
        stream(json, pipeline.counts());
        json.writeEndObject();
        Json.array(json, "windows", pipeline.windows(), line -> stream(json, line));
        Json.array(json, "segments", pipeline.segments(), segment -> segment(json, segment));
    }

    private static void segment(JsonGenerator json, SegmentState segment) {
        json.writeStringProperty("name", segment.name());
        Json.texts(json, "stages", segment.stages());
        workforce(json, segment.workforce(), segment.workers());
        segment.resized().ifPresent(change -> {
            json.writeObjectPropertyStart("resized");
            Json.time(json, "at", change.at());
            json.writeNumberProperty("from", change.from());
            json.writeNumberProperty("to", change.to());
            json.writeStringProperty("why", change.why());
            json.writeEndObject();
        });
        json.writeNumberProperty("queued", segment.queued());
        json.writeNumberProperty("inHand", segment.inHand());
        json.writeNumberProperty("held", segment.held());
        supervised(json, segment.supervised());
        json.writeObjectPropertyStart("service");
        sampled(json, segment.service());
        json.writeEndObject();
        Json.array(json, "stageTimes", segment.stageTimes(), time -> sampled(json, time));
    }

    private static void supervised(JsonGenerator json, Supervised part) {
        json.writeStringProperty("state", part.state().word());
        json.writeNumberProperty("restarts", part.restarts());
        json.writeNumberProperty("abandoned", part.abandoned());
        Json.texts(json, "abandonedThreads", part.threads());
        part.again().ifPresent(at -> Json.time(json, "startsAgain", at));
        part.lastFailure().ifPresent(failure -> {
            json.writeObjectPropertyStart("lastFailure");
            Json.time(json, "at", failure.at());
            json.writeStringProperty("what", failure.what());
            json.writeStringProperty("where", failure.where());
            json.writeEndObject();
        });
    }

    private static void sampled(JsonGenerator json, Sampled time) {
        json.writeStringProperty("name", time.name());
        json.writeNumberProperty("samples", time.readings());
        json.writeNumberProperty("meanSeconds", time.meanNanos() / 1e9);
        json.writeNumberProperty("deviationSeconds", time.deviationNanos() / 1e9);
    }

    private static void workforce(JsonGenerator json, Workforce workforce, int workers) {
        json.writeNumberProperty("workers", workers);
        if (workforce.first().isPresent()) {
            json.writeNumberProperty("mostWorkers", workforce.workers());
        }
        json.writeNumberProperty("queue", workforce.queue());
        json.writeStringProperty("overflow", workforce.overflow().word());
    }

    private static void stream(JsonGenerator json, Ledger.StreamLine line) {
        json.writeStringProperty("stream", line.stream());
        json.writeBooleanProperty("window", line.window());
        json.writeNumberProperty("accepted", line.accepted());
        json.writeNumberProperty("completed", line.completed());
        json.writeNumberProperty("filtered", line.filtered());
        json.writeNumberProperty("duplicate", line.duplicate());
        Json.counts(json, "deadLettered", line.deadLettered());
        Json.counts(json, "dropped", line.dropped());
        json.writeNumberProperty("queued", line.queued());
        json.writeBooleanProperty("balanced", line.balanced());
    }

    Answer ledger(Call call) {
        Ledger ledger = model.ledger().get();
        Commands.Line commands = model.commandLine().get();
        return Answer.json(200, Json.object(json -> {
            json.writeBooleanProperty("balanced", ledger.balanced() && commands.balanced());
            Json.array(json, "sources", ledger.sources(), line -> {
                json.writeStringProperty("source", line.source());
                json.writeNumberProperty("received", line.received());
                json.writeNumberProperty("accepted", line.accepted());
                Json.counts(json, "rejected", line.rejected());
                json.writeNumberProperty("waiting", line.waiting());
                json.writeBooleanProperty("balanced", line.balanced());
            });
            Json.array(json, "streams", ledger.streams(), line -> stream(json, line));
            json.writeObjectPropertyStart("commands");
            json.writeNumberProperty("issued", commands.issued());
            json.writeNumberProperty("done", commands.done());
            json.writeNumberProperty("expired", commands.expired());
            Json.counts(json, "failed", commands.failed());
            Json.counts(json, "dropped", commands.dropped());
            json.writeNumberProperty("queued", commands.queued());
            json.writeBooleanProperty("balanced", commands.balanced());
            json.writeEndObject();
        }));
    }
}
