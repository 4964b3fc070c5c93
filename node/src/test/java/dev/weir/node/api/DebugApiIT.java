package dev.weir.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import jdk.jfr.FlightRecorder;
import jdk.jfr.RecordingState;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DebugApiIT {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final AtomicReference<Object> SINK = new AtomicReference<>();

    @TempDir
    Path data;

    private TestNode node;
    private final AtomicBoolean ended = new AtomicBoolean();

    @BeforeEach
    void start() throws Exception {
        node = new TestNode(data);
    }

    @AfterEach
    void stop() {
        ended.set(true);
        node.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + node.api.port() + path))
                .header("Authorization", "Bearer " + node.admin.text());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return CLIENT.send(request(path).GET().build(), BodyHandlers.ofString());
    }

    private HttpResponse<byte[]> bytes(String path) throws Exception {
        return CLIENT.send(request(path).GET().build(), BodyHandlers.ofByteArray());
    }

    private HttpResponse<String> post(String body) throws Exception {
        return CLIENT.send(
                request("/debug/log")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private void burnProcessorTime() {
        long x = 1;
        while (!ended.get()) {
            for (int i = 0; i < 1_000; i++) {
                x = x * 31 + i;
            }
            SINK.set(x);
        }
    }

    private void allocateMuch() {
        while (!ended.get()) {
            SINK.set(new int[10_000]);
        }
    }

    private synchronized void holdLock() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            ended.set(true);
        }
    }

    private void fightForLock() {
        while (!ended.get()) {
            holdLock();
        }
    }

    @Test
    void profile_ofProcessorTime_namesWhoUsesIt() throws Exception {
        Thread.ofPlatform().daemon().start(this::burnProcessorTime);

        String page = get("/debug/profile?seconds=1").body();
        assertThat(page).startsWith("<!DOCTYPE html>").contains("burnProcessorTime");
    }

    @Test
    void profile_forPprof_isAGzippedProfile() throws Exception {
        Thread.ofPlatform().daemon().start(this::burnProcessorTime);

        HttpResponse<byte[]> answer = bytes("/debug/profile?seconds=1&format=pprof");
        assertThat(answer.headers().firstValue("Content-Disposition"))
                .hasValueSatisfying(value -> assertThat(value).contains("cpu.pb.gz"));
        byte[] profile = new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes();
        assertThat(new String(profile, StandardCharsets.ISO_8859_1))
                .contains("nanoseconds", "dev.weir.node.api.DebugApiIT.burnProcessorTime");
    }

    @Test
    void profile_ofAllocation_namesWhoAllocatesWhat() throws Exception {
        Thread.ofPlatform().daemon().start(this::allocateMuch);
        assertThat(get("/debug/profile?seconds=1&kind=alloc&format=collapsed").body())
                .containsPattern("DebugApiIT\\.allocateMuch;\\[I \\d+\n");
    }

    @Test
    void profile_ofLocks_namesWhoWaits() throws Exception {
        Thread.ofPlatform().daemon().start(this::fightForLock);
        Thread.ofPlatform().daemon().start(this::fightForLock);
        assertThat(get("/debug/profile?seconds=1&kind=lock&format=collapsed").body())
                .containsPattern("holdLock;dev\\.weir\\.node\\.api\\.DebugApiIT \\d+\n");
    }

    @Test
    void profile_whileAnotherOneRuns_isRefusedAndTakenAfterIt() throws Exception {
        Thread.ofPlatform().daemon().start(this::burnProcessorTime);
        CompletableFuture<HttpResponse<String>> first = CLIENT.sendAsync(
                request("/debug/profile?seconds=2&format=collapsed").GET().build(), BodyHandlers.ofString());
        while (!isRecording()) {
            Thread.onSpinWait();
        }
        HttpResponse<String> second = get("/debug/trace?seconds=1");
        assertThat(second.statusCode()).isEqualTo(429);
        assertThat(second.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 2L);
        assertThat(first.join().statusCode()).isEqualTo(200);
        assertThat(get("/debug/profile?seconds=1&format=collapsed").body())
                .containsPattern("DebugApiIT\\.burnProcessorTime[^\\n]* \\d+\n");
    }

    private static boolean isRecording() {
        return FlightRecorder.getFlightRecorder().getRecordings().stream()
                .anyMatch(recording -> recording.getState() == RecordingState.RUNNING);
    }

    @Test
    void trace_isARecordingThatTheJdkReads() throws Exception {
        Thread.ofPlatform().daemon().start(this::burnProcessorTime);
        Path file = data.resolve("weir.jfr");
        java.nio.file.Files.write(file, bytes("/debug/trace?seconds=1").body());
        Set<String> missing = new HashSet<>(Set.of("jdk.ExecutionSample", "jdk.JVMInformation"));
        try (RecordingFile events = new RecordingFile(file)) {
            while (!missing.isEmpty() && events.hasMoreEvents()) {
                missing.remove(events.readEvent().getEventType().getName());
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void heap_showsPoolsAndClasses() throws Exception {
        assertThat(get("/debug/heap").body()).contains("used KiB", "collections", "java.lang.String");
    }

    @Test
    void log_levelSet_isKeptAndShown() throws Exception {
        assertThat(post("{\"logger\":\"dev.weir\",\"level\":\"debug\"}").body())
                .isEqualTo("{\"levels\":{\"dev.weir\":\"debug\",\"root\":\"info\"}}");
        assertThat(post("{\"level\":\"warn\"}").body()).contains("\"root\":\"warn\"");
        assertThat(get("/debug/log").body()).contains("\"root\":\"warn\"", "\"dev.weir\":\"debug\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"level\":\"loud\"}", "{\"logger\":\"a b\",\"level\":\"info\"}", "{\"x\":\"y\"}", "{}", "["})
    void log_badBody_isRefused(String body) throws Exception {
        assertThat(post(body).statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "/debug/profile?kind=nonsense, must be one of cpu",
        "/debug/profile?format=png, must be flame",
        "/debug/profile?seconds=0, between 1 and 120",
        "/debug/trace?seconds=121, between 1 and 120",
        "/debug/trace?seconds=x, between 1 and 120",
        "/debug/threads?show=x, but was 'x'",
        "/debug/threads?frames=201, between 0 and 200",
        "/debug/threads?limit=0, between 1 and 100000",
        "/debug/threads?show=waits&format=json, json for 'show' threads only",
        "/debug/sched?format=xml, but was 'xml'"
    })
    void profile_badQuery_saysWhatIsPossible(String path, String message) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/debug/profile",
                "/debug/trace",
                "/debug/heap",
                "/debug/log",
                "/debug/threads",
                "/debug/sched",
                "/debug/traces"
            })
    void debug_withoutTheToken_isRefused(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + node.api.port() + path))
                .build();
        assertThat(CLIENT.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
    }
}
