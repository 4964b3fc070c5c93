package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Meters;
import dev.weir.engine.config.HostPort;
import dev.weir.testkit.RecordingInlet;
import dev.weir.testkit.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// mosquitto_pub and mosquitto_sub against the server.
class MosquittoIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RecordingInlet inlet = new RecordingInlet();
    private final MqttServer server = new MqttServer(
            "test", MqttOptions.of(options -> options.listen = new HostPort("127.0.0.1", 0)), Meters.none());

    @BeforeEach
    void open() throws Exception {
        server.open(inlet);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private String[] with(String version, int qos, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "-h",
                "127.0.0.1",
                "-p",
                String.valueOf(server.address().getPort()),
                "-V",
                version,
                "-q",
                String.valueOf(qos)));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    @ParameterizedTest
    @CsvSource({"mqttv311,0", "mqttv311,1", "mqttv311,2", "mqttv5,0", "mqttv5,1", "mqttv5,2"})
    void publish_withMosquittoPub_reachesInlet(String version, int qos) throws Exception {
        Tool pub = Tool.require("mosquitto_pub", "mosquitto-clients");

        Tool.Result result = pub.run(PATIENCE, with(version, qos, "-t", "house/t", "-m", "21.5"));

        assertThat(result).isEqualTo(new Tool.Result(0, ""));
        assertThat(inlet.next().text()).isEqualTo("21.5");
    }

    @ParameterizedTest
    @CsvSource({"mqttv311,0", "mqttv311,1", "mqttv311,2", "mqttv5,0", "mqttv5,1", "mqttv5,2"})
    void subscribe_withMosquittoSub_getsRetainedAndLive(String version, int qos) throws Exception {
        Tool sub = Tool.require("mosquitto_sub", "mosquitto-clients");
        server.publish("house/cellar/t", "old".getBytes(java.nio.charset.StandardCharsets.UTF_8), qos, true, null);
        Process process = sub.start(with(version, qos, "-t", "house/+/t", "-C", "2", "-F", "%r %q %p"));

        String retained = process.inputReader().readLine();
        server.publish("house/roof/t", "new".getBytes(java.nio.charset.StandardCharsets.UTF_8), qos, false, null);
        Tool.Result result = Tool.await(process, PATIENCE);

        assertThat(retained).isEqualTo("1 " + qos + " old");
        assertThat(result).isEqualTo(new Tool.Result(0, "0 " + qos + " new\n"));
    }
}
