package dev.weir.node.tracing;

import dev.weir.engine.Meters;
import dev.weir.engine.Span;
import dev.weir.engine.Tracer;
import dev.weir.engine.flow.FlowClock;
import dev.weir.runtime.Rate;
import dev.weir.runtime.RateLimiter;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Chooses the readings that are followed, and makes their spans. Thread-safe; nothing but
/// [#close] blocks.
///
/// Whether a reading is among the sampled is a hash of its number, so that no counter is shared
/// between the sources' threads. Texts of devices and senders are cut, and the sum of new traces is
/// bounded, so nobody outside can make it cost more than `limit` traces a second.
final class Follower implements Tracer {
    private static final int ATTRIBUTES = 24;

    /// Where a `traceparent` of version 00 has its last digit, which says whether it is followed.
    private static final int FLAG = 54;

    private final FlowClock clock;
    private final FollowedDevices devices;
    private final KeptSpans kept = new KeptSpans();
    private final Optional<SpanQueue> queue;
    private final RateLimiter allowance;
    private final SdkTracerProvider provider;
    private final io.opentelemetry.api.trace.Tracer spans;
    private final LongAdder begun;
    private final LongAdder skipped;

    /// A reading whose hash, without its sign, is below this is followed.
    private final long threshold;

    private final long salt = ThreadLocalRandom.current().nextLong();

    Follower(
            TracingConfig config,
            String node,
            String version,
            FlowClock clock,
            Meters meters,
            Optional<SpanQueue> queue) {
        this.clock = clock;
        this.queue = queue;
        this.devices = new FollowedDevices(clock::nanoTime);
        this.allowance = RateLimiter.tokenBucket(Rate.perSecond(config.limit()), config.limit(), clock::nanoTime);
        this.threshold = config.sample() >= 1 ? Long.MAX_VALUE : (long) (config.sample() * Long.MAX_VALUE);
        this.begun = meters.counter("weir_tracing_traces", "Traces that were begun");
        this.skipped = meters.counter("weir_tracing_skipped", "Messages that were not followed, for want of `limit:`");
        this.provider = SdkTracerProvider.builder()
                .setResource(Resource.create(Attributes.builder()
                        .put("service.name", "weir")
                        .put("service.instance.id", node)
                        .put("service.version", version)
                        .build()))
                .setSampler(Sampler.alwaysOn())
                .setSpanLimits(SpanLimits.builder()
                        .setMaxAttributeValueLength(FollowedSpan.LONGEST_TEXT)
                        .setMaxNumberOfAttributes(ATTRIBUTES)
                        .build())
                .addSpanProcessor(new Ended())
                .build();
        this.spans = provider.get("weir", version);
    }

    FollowedDevices devices() {
        return devices;
    }

    KeptSpans kept() {
        return kept;
    }

    @Override
    public boolean follows(String device, long sequence, @Nullable String parent) {
        return (mixed(sequence ^ salt) >>> 1) < threshold
                || (parent != null && isFollowedBySender(parent))
                || devices.has(device);
    }

    /// The finalizer of SplitMix64: neighbours end far apart.
    private static long mixed(long value) {
        long first = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        long second = (first ^ (first >>> 27)) * 0x94d049bb133111ebL;
        return second ^ (second >>> 31);
    }

    private static boolean isFollowedBySender(String parent) {
        return parent.length() > FLAG && (Character.digit(parent.charAt(FLAG), 16) & 1) == 1;
    }

    @Override
    public @Nullable Span begin(String source, String address, @Nullable String parent, long since) {
        if (!allowance.allow()) {
            skipped.increment();
            return null;
        }
        begun.increment();
        SpanBuilder builder = spans.spanBuilder("receive " + source)
                .setSpanKind(SpanKind.CONSUMER)
                .setParent(context(parent));
        return new FollowedSpan(spans, clock::epochNanos, builder, since)
                .with("weir.source", source)
                .with("weir.topic", address);
    }

    private static Context context(@Nullable String parent) {
        return parent == null
                ? Context.root()
                : W3CTraceContextPropagator.getInstance().extract(Context.root(), parent, Carrier.INSTANCE);
    }

    /// A text that is the only header.
    private enum Carrier implements TextMapGetter<String> {
        INSTANCE;

        @Override
        public Iterable<String> keys(String carrier) {
            return List.of("traceparent");
        }

        @Override
        public @Nullable String get(@Nullable String carrier, String key) {
            return key.equals("traceparent") ? carrier : null;
        }
    }

    /// Takes every span that has ended.
    private final class Ended implements SpanProcessor {
        @Override
        public void onStart(Context parent, ReadWriteSpan span) {}

        @Override
        public boolean isStartRequired() {
            return false;
        }

        @Override
        public void onEnd(ReadableSpan span) {
            SpanData data = span.toSpanData();
            kept.add(data);
            queue.ifPresent(open -> open.add(data));
        }

        @Override
        public boolean isEndRequired() {
            return true;
        }
    }

    /// Sends what is left, which takes some seconds at most, and ends.
    void close() throws InterruptedException {
        provider.close();
        if (queue.isPresent()) {
            queue.get().close();
        }
    }
}
