package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.weir.engine.flow.Vigilance;
import dev.weir.runtime.supervise.Backoff;
import dev.weir.testkit.LiveThreads;
import dev.weir.testkit.MosquittoBroker;
import dev.weir.testkit.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What listens and dies is opened again at the same port, and its neighbours do not notice.
@Timeout(90)
class ReopenedIT {
    private static final Duration OFTEN = Duration.ofMillis(5);

    /// Long enough to see that something rests.
    private static final Vigilance VIGILANCE =
            new Vigilance(Duration.ofSeconds(10), Duration.ofSeconds(2), Backoff.constant(Duration.ofSeconds(2)));

    private static final String CONFIG = """
            node: reopened
            memory: 256MiB
            data: ${WEIR_DATA}
            sources:
              devices: { mqtt: { listen: "127.0.0.1:${WEIR_MQTT_PORT}" } }
              meters: { http: { listen: "127.0.0.1:WEB" } }
              bridge: { mqtt-client: { url: "tcp://127.0.0.1:BROKER", topics: "far/#", reconnect-max: 200ms } }
            pipelines:
              near: { from: [devices, meters], topic: "near/{device}", fields: { seq: { type: long } }, to: store }
              far: { from: bridge, topic: "far/{device}", fields: { seq: { type: long } }, to: store }
            api: { listen: "127.0.0.1:${WEIR_HTTP_PORT}" }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private final int web = freePort();

    private static int freePort() {
        try {
            return Ports.free();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private NodeRig open(int broker) throws Exception {
        String config = CONFIG.replace("WEB", String.valueOf(web)).replace("BROKER", String.valueOf(broker));
        return NodeRig.open(folder, config, VIGILANCE, _ -> {});
    }

    private static SteadyDevice device(String name, String folder, SteadyDevice.Way way) {
        return new SteadyDevice(name, folder, way, OFTEN, () -> "");
    }

    private SteadyDevice overMqtt(NodeRig rig) {
        return device("mqtt-1", "near", SteadyDevice.mqtt("mqtt-1", rig.mqtt().getPort()));
    }

    /// Sends again also when nobody listens.
    private SteadyDevice overHttp() {
        SteadyDevice.Way http = SteadyDevice.http(URI.create("http://127.0.0.1:" + web + "/"));
        return device("http-1", "near", new SteadyDevice.Way() {
            @Override
            public boolean send(String address, byte[] payload, String id) throws IOException, InterruptedException {
                try {
                    return http.send(address, payload, id);
                } catch (IOException nobodyListens) {
                    return false;
                }
            }

            @Override
            public void close() {
                http.close();
            }
        });
    }

    /// The thread that accepts ends, as it would by a defect: its socket is closed with it.
    private static void kill(String pool, String word) throws Exception {
        List<Thread> found = LiveThreads.threads(pool).stream()
                .filter(thread -> thread.getName().contains(word))
                .toList();
        assertThat(found).hasSize(1);
        found.getFirst().interrupt();
    }

    private static JsonObject part(NodeRig rig, String name) throws Exception {
        return JsonParser.parseString(rig.get("/api/v1/pipelines").body())
                .getAsJsonObject()
                .getAsJsonArray("parts")
                .asList()
                .stream()
                .map(JsonElement::getAsJsonObject)
                .filter(part -> part.get("name").getAsString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isState(NodeRig rig, String name, String state) throws Exception {
        return part(rig, name).get("state").getAsString().equals(state);
    }

    private static void awaitMore(SteadyDevice device) throws Exception {
        long before = device.acknowledged();
        NodeRig.await(device.name() + " goes on", () -> device.acknowledged() > before + 10);
    }

    private static void assertCounted(NodeRig rig, String name) throws Exception {
        assertThat(part(rig, name).get("restarts").getAsLong()).isOne();
        assertThat(part(rig, name).getAsJsonObject("lastFailure").get("what").getAsString())
                .isIn("java.io.IOException", "java.net.SocketException");
        assertThat(rig.get("/metrics").body()).contains("weir_supervised_restarts_total{name=\"" + name + "\"} 1.0");
        assertThat(rig.get("/health/ready").statusCode()).isEqualTo(200);
    }

    /// Everything that was acknowledged is stored.
    private static void assertStored(NodeRig rig, String stream, SteadyDevice device) throws Exception {
        assertThat(stored(rig, stream, device, "count(distinct seq)")).isEqualTo(device.acknowledged());
    }

    /// And nothing had to be sent twice.
    private static void assertUntouched(NodeRig rig, SteadyDevice device) throws Exception {
        assertStored(rig, "near", device);
        assertThat(stored(rig, "near", device, "count(*)")).isEqualTo(device.acknowledged());
    }

    private static long stored(NodeRig rig, String stream, SteadyDevice device, String what) throws Exception {
        return Long.parseLong(rig.sql("select " + what + " from " + stream + " where device = '" + device.name() + "'")
                .getFirst()
                .getFirst());
    }

    private static void assertOpenedAgain(NodeRig rig, String source, SteadyDevice victim, SteadyDevice neighbour)
            throws Exception {
        NodeRig.await("it shows that it is dead", () -> isState(rig, source, "restarting"));
        assertThat(rig.get("/health/ready").body()).contains("not ready", source + " has failed");
        awaitMore(neighbour);
        NodeRig.await("it shows that it lives", () -> isState(rig, source, "running"));
        awaitMore(victim);
        awaitMore(neighbour);
        assertCounted(rig, source);
        victim.stop();
        neighbour.stop();
        assertThat(rig.stop()).isEmpty();
        assertStored(rig, "near", victim);
        assertUntouched(rig, neighbour);
    }

    @Test
    void mqttListener_whoseThreadDies_isOpenedAgainAndDevicesComeBack() throws Exception {
        try (NodeRig rig = open(freePort());
                SteadyDevice victim = overMqtt(rig);
                SteadyDevice neighbour = overHttp()) {
            awaitMore(victim);
            awaitMore(neighbour);
            kill("mqtt-devices-accept", "accept");
            assertOpenedAgain(rig, "source devices", victim, neighbour);
        }
    }

    @Test
    void httpListener_whoseThreadDies_isOpenedAgainAndDevicesComeBack() throws Exception {
        try (NodeRig rig = open(freePort());
                SteadyDevice victim = overHttp();
                SteadyDevice neighbour = overMqtt(rig)) {
            awaitMore(victim);
            awaitMore(neighbour);
            kill("http-meters", "acceptor");
            assertOpenedAgain(rig, "source meters", victim, neighbour);
        }
    }

    @Test
    void api_whoseThreadDies_isOpenedAgainAtTheSamePort() throws Exception {
        try (NodeRig rig = open(freePort());
                SteadyDevice one = overMqtt(rig);
                SteadyDevice other = overHttp()) {
            awaitMore(one);
            awaitMore(other);
            URI url = rig.node().url();
            kill("weir-api", "acceptor");
            NodeRig.await("nobody answers", () -> !isAnswered(rig));
            awaitMore(one);
            awaitMore(other);
            NodeRig.await("somebody answers again", () -> isAnswered(rig));
            assertThat(rig.node().url()).isEqualTo(url);
            NodeRig.await("it shows that it lives", () -> isState(rig, "api", "running"));
            assertCounted(rig, "api");
            one.stop();
            other.stop();
            assertThat(rig.stop()).isEmpty();
            assertUntouched(rig, one);
            assertUntouched(rig, other);
        }
    }

    private static boolean isAnswered(NodeRig rig) throws InterruptedException {
        try {
            return rig.get("/health/live").statusCode() == 200;
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    void mqttClient_whoseBrokerIsKilled_connectsAgainAndNeighboursGoOn() throws Exception {
        try (MosquittoBroker broker = MosquittoBroker.start(folder.resolve("broker"));
                NodeRig rig = open(broker.port());
                SteadyDevice neighbour = overMqtt(rig)) {
            NodeRig.await("the link is up", () -> isUp(rig, 1));
            broker.kill();
            NodeRig.await("the link shows that it is down", () -> isUp(rig, 0));
            awaitMore(neighbour);
            broker.start();
            NodeRig.await("the link is up again", () -> isUp(rig, 1));
            try (SteadyDevice far = device("far-1", "far", SteadyDevice.mqtt("far-1", broker.port()))) {
                awaitMore(far);
                far.stop();
                awaitMore(neighbour);
                neighbour.stop();
                NodeRig.await(
                        "what the broker has is stored",
                        () -> rig.sql("select count(distinct seq) from far")
                                .equals(List.of(List.of(String.valueOf(far.acknowledged())))));
            }
            assertThat(rig.get("/metrics").body())
                    .contains("weir_link_reconnects_total{name=\"bridge\",part=\"source\"} 1.0");
            assertThat(rig.stop()).isEmpty();
            assertUntouched(rig, neighbour);
        }
    }

    private static boolean isUp(NodeRig rig, int value) throws Exception {
        return rig.get("/metrics")
                .body()
                .lines()
                .anyMatch(line -> line.startsWith("weir_link_up{name=\"bridge\"") && line.endsWith(" " + value + ".0"));
    }
}
