package dev.weir.node.tracing;

import dev.weir.engine.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// A span of OpenTelemetry, as the engine sees it.
final class FollowedSpan implements Span {
    /// Of what a text that is known about it may have, in characters.
    static final int LONGEST_TEXT = 256;

    private final Tracer tracer;
    private final LongSupplier epochNanos;
    private final io.opentelemetry.api.trace.Span span;

    /// Written by whoever has the reading in hand, read by who takes it over.
    private volatile long mark;

    /// @param since when it began
    FollowedSpan(Tracer tracer, LongSupplier epochNanos, SpanBuilder begun, long since) {
        this.tracer = tracer;
        this.epochNanos = epochNanos;
        this.mark = since;
        this.span = begun.setStartTimestamp(since, TimeUnit.NANOSECONDS).startSpan();
    }

    @Override
    public String traceId() {
        return span.getSpanContext().getTraceId();
    }

    @Override
    public String traceparent() {
        SpanContext context = span.getSpanContext();
        return "00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                + context.getTraceFlags().asHex();
    }

    @Override
    public Span part(String name) {
        return part(name, epochNanos.getAsLong());
    }

    @Override
    public Span partSinceMark(String name) {
        return part(name, mark);
    }

    private Span part(String name, long since) {
        SpanBuilder builder = tracer.spanBuilder(name).setParent(Context.root().with(span));
        return new FollowedSpan(tracer, epochNanos, builder, since);
    }

    @Override
    public void mark() {
        mark = epochNanos.getAsLong();
    }

    @Override
    public Span with(String key, String value) {
        span.setAttribute(key, value);
        return this;
    }

    @Override
    public Span with(String key, long value) {
        span.setAttribute(key, value);
        return this;
    }

    @Override
    public Span failed(String reason) {
        // Unlike attributes, the SDK does not cut it.
        span.setStatus(StatusCode.ERROR, reason.length() <= LONGEST_TEXT ? reason : reason.substring(0, LONGEST_TEXT));
        return this;
    }

    @Override
    public void end() {
        span.end(epochNanos.getAsLong(), TimeUnit.NANOSECONDS);
    }
}
