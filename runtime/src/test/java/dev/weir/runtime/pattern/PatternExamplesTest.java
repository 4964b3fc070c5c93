package dev.weir.runtime.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.runtime.Context;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The examples of the API documentation and of docs/patterns.md, which show the marked regions.
@Timeout(30)
final class PatternExamplesTest {
    private final Context context = Context.background();
    private final Queue<String> sent = new ConcurrentLinkedQueue<>();

    private void send(Context context, String mail) {
        context.throwIfDone();
        if (mail.isEmpty()) {
            throw new IllegalArgumentException("an empty mail");
        }
        sent.add(mail);
    }

    @Test
    void pool() throws Exception {
        // @start region="pool"
        try (WorkerPool<String> pool = WorkerPool.io("mails", this::send)
                .workers(8)
                .queue(1024)
                .overflow(Overflow.BLOCK)
                .start(context)) {
            for (var mail : List.of("one", "two", "three")) {
                pool.submit(context, mail); // waits while 1024 wait
            }
            try (var patience = context.withTimeout(Duration.ofSeconds(10))) {
                Leftover<String> undone = pool.drain(patience);
                assertThat(undone.isEmpty()).isTrue();
            }
        }
        // @end
        assertThat(sent).containsExactlyInAnyOrder("one", "two", "three");
    }

    @Test
    void request() throws Exception {
        // @start region="request"
        try (WorkerPool<Request<String, Integer>> pool = WorkerPool.cpu(
                        "lengths", Request.answeredBy((Context _, String text) -> text.length()))
                .start(context)) {
            var request = Request.<String, Integer>of("how long is this?");
            pool.submit(context, request);
            int length = request.await(context).orThrow();
            assertThat(length).isEqualTo(17);
        }
        // @end
    }

    @Test
    void errors() throws Exception {
        var alerts = new ConcurrentLinkedQueue<String>();
        // @start region="errors"
        ErrorChannel<String> errors =
                ErrorChannel.bounded("sensors", 4, alert -> alerts.add(alert.length() + " of " + alert.capacity()));
        for (var error : List.of("a", "b", "c", "d", "e")) {
            errors.report(error); // never waits
        }
        errors.close();
        assertThat(errors.failures()).containsExactly("b", "c", "d", "e"); // the oldest went
        assertThat(errors.dropped()).isEqualTo(1);
        // @end
        assertThat(alerts).containsExactly("2 of 4");
    }
}
