import static dev.weir.runtime.Select.done;
import static dev.weir.runtime.Select.receive;
import static dev.weir.runtime.Select.select;
import static dev.weir.runtime.Select.timeout;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.Group;
import java.time.Duration;

/// Asks three servers and takes the first answer; the others are cancelled. If none answers within the
/// deadline, says so.
public final class FirstAnswer {
    public static void main(String[] args) throws InterruptedException {
        System.out.println(ask(Duration.ofSeconds(2), 900, 50, 700));
        System.out.println(ask(Duration.ofMillis(50), 900, 800, 700));
    }

    private static String ask(Duration patience, int... delaysMillis) throws InterruptedException {
        try (var limited = Context.background().withTimeout(patience);
                Group servers = Group.of(limited, "server")) {
            Channel<String> answers = Channel.bounded(delaysMillis.length);
            for (int i = 0; i < delaysMillis.length; i++) {
                int server = i + 1;
                Duration delay = Duration.ofMillis(delaysMillis[i]);
                servers.go(() -> serve(servers.context(), server, delay, answers));
            }
            return select(
                    receive(answers, answer -> answer),
                    done(limited, () -> "no answer within " + patience.toMillis() + " ms"));
        } // waits until the losers have noticed
    }

    private static void serve(Context context, int server, Duration delay, Channel<String> answers)
            throws InterruptedException {
        String answer = select(
                timeout(delay, () -> "server " + server + " answered"),
                done(context, () -> ""));
        if (!answer.isEmpty()) {
            answers.send(answer);
        }
    }

    private FirstAnswer() {}
}
