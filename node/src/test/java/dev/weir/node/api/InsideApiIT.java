package dev.weir.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Scheduler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class InsideApiIT {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    Path data;

    private TestNode node;
    private final List<Thread> threads = new ArrayList<>();

    private interface Task {
        void run() throws InterruptedException;
    }

    @BeforeEach
    void start() throws Exception {
        node = new TestNode(data);
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Thread thread : threads) {
            thread.interrupt();
            thread.join();
        }
        node.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI uri = URI.create("http://localhost:" + node.api.port() + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + node.admin.text())
                .build();
        return CLIENT.send(request, BodyHandlers.ofString());
    }

    private Thread go(String name, Task task) {
        Thread thread = Scheduler.go(name, () -> {
            try {
                task.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        threads.add(thread);
        return thread;
    }

    @Test
    void threads_withOneThatWaits_tellWhatItWaitsFor() throws Exception {
        Channel<Integer> empty = Channel.bounded(3);
        Thread waits = go("waits-for-nobody", empty::receive);
        while (waits.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        String name = "\"waits-for-nobody\" #" + waits.threadId();

        assertThat(get("/debug/threads").body()).contains(name, "receive on " + empty, "InsideApiIT");
        assertThat(get("/debug/threads?show=waits").body()).contains(name + " waits: receive on " + empty);
        assertThat(get("/debug/threads?show=leaks").body()).contains("leak");
        HttpResponse<String> json = get("/debug/threads?format=json&frames=1");
        assertThat(json.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        assertThat(json.body()).contains("\"name\":\"waits-for-nobody\"");
    }

    @Test
    void sched_tellsLanesAndProcessors() throws Exception {
        assertThat(get("/debug/sched").body())
                .startsWith("SCHED weir: processors=")
                .contains("hand-offs");
        assertThat(get("/debug/sched?format=json").body()).startsWith("{\"name\":\"weir\",\"processors\":");
    }

    @Test
    void sched_askedTooOften_isRefusedForASecond() throws Exception {
        HttpResponse<String> answer = get("/debug/sched");
        for (int i = 0; i < 100 && answer.statusCode() == 200; i++) {
            answer = get("/debug/sched");
        }
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
    }

    @Test
    void profile_ofBlocking_namesWhoWaitsOnChannels() throws Exception {
        Channel<Integer> slow = Channel.unbuffered();
        go("receives-slowly", () -> {
            while (true) {
                slow.receive();
                Thread.sleep(5);
            }
        });
        go("sends", () -> sendMuch(slow));

        assertThat(get("/debug/profile?seconds=1&kind=block&format=collapsed").body())
                .containsPattern("InsideApiIT\\.sendMuch;[^\\n]*;send \\d+\\n");
    }

    private static void sendMuch(Channel<Integer> channel) throws InterruptedException {
        while (true) {
            channel.send(1);
        }
    }
}
