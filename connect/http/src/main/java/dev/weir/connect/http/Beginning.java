package dev.weir.connect.http;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/// Reads a body and keeps its beginning. Reads to the end, so that the connection can be used
/// again, unless the body is longer than [#MAX_BYTES]: then it hangs up.
final class Beginning implements HttpResponse.BodySubscriber<String> {
    static final int MAX_BYTES = 64 << 10;

    private static final int KEPT_BYTES = 200;

    private final CompletableFuture<String> result = new CompletableFuture<>();
    private final ByteBuffer kept = ByteBuffer.allocate(KEPT_BYTES);
    private Flow.@Nullable Subscription subscription;
    private long read;

    @Override
    public CompletionStage<String> getBody() {
        return result;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            read += buffer.remaining();
            ByteBuffer part = buffer.slice();
            kept.put(part.limit(Math.min(part.limit(), kept.remaining())));
        }
        if (read > MAX_BYTES && subscription != null) {
            subscription.cancel();
            onComplete();
        }
    }

    @Override
    public void onError(Throwable fault) {
        result.completeExceptionally(fault);
    }

    @Override
    public void onComplete() {
        String text = new String(kept.array(), 0, kept.position(), StandardCharsets.UTF_8);
        result.complete(text.replaceAll("\\p{Cntrl}+", " ").strip());
    }
}
