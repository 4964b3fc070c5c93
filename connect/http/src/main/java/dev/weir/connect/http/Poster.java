package dev.weir.connect.http;

import dev.weir.engine.Span;
import dev.weir.runtime.Lane;
import dev.weir.runtime.Scheduler;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Posts bodies and waits for the answer. Thread-safe.
final class Poster implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final Map<String, String> headers;
    private final Duration timeout;
    private final ExecutorService executor;
    private final Clients clients;

    /// Starts the client's thread.
    ///
    /// @param name the sink's or rule's, for the names of threads
    Poster(WebhookOptions options, String name) {
        this.headers = options.headers();
        this.timeout = options.timeout();
        this.executor =
                Executors.newThreadPerTaskExecutor(Scheduler.shared().factory(Lane.SAMPLE, "webhook-" + name + "-"));
        this.clients = new Clients(this::client);
    }

    private HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .executor(executor)
                .build();
    }

    /// Posts and waits for the whole answer.
    ///
    /// @param type the body's media type, unless the config sets one
    /// @param extra headers beside the configured ones
    /// @throws IOException if there is no answer within the timeout; the message names the host
    ///     and path, not the query
    Answer post(URI url, byte[] body, String type, Map<String, String> extra) throws IOException, InterruptedException {
        // Asked before anything is sent: an answer that is here already hides an interruption from the future below.
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before POST " + shown(url));
        }
        HttpRequest request = request(url, body, type, extra);
        Clients.Lease lease = clients.lease();
        boolean parsed = true;
        CompletableFuture<HttpResponse<String>> future = lease.client().sendAsync(request, _ -> new Beginning());
        try {
            HttpResponse<String> response = future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return new Answer(
                    response.statusCode(),
                    response.body(),
                    Answer.retryAfter(response.headers().firstValue("retry-after"), InstantSource.system()));
        } catch (TimeoutException silence) {
            throw new IOException("POST " + shown(url) + ": no whole answer within " + timeout.toMillis() + " ms");
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            parsed = cause instanceof IOException && !(cause instanceof ProtocolException);
            String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            throw new IOException("POST " + shown(url) + ": " + why, cause);
        } finally {
            // Hangs up where the answer is not here yet.
            future.cancel(true);
            lease.end(parsed);
        }
    }

    private HttpRequest request(URI url, byte[] body, String type, Map<String, String> extra) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(url)
                .POST(BodyPublishers.ofByteArray(body))
                .setHeader("Content-Type", type)
                .setHeader("User-Agent", "weir");
        extra.forEach(builder::setHeader);
        headers.forEach(builder::setHeader);
        return builder.build();
    }

    /// The header that makes what the other side does part of a trace; none without a trace.
    static Map<String, String> trace(@Nullable Span trace) {
        return trace == null ? Map.of() : Map.of("traceparent", trace.traceparent());
    }

    /// A URL without what might be secret: user, password, query.
    static String shown(URI url) {
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort())
                + url.getRawPath();
    }

    @Override
    public void close() {
        HttpClient client = clients.shutdownNow();
        executor.shutdown();
        try {
            boolean _ = client.awaitTermination(CLOSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
