package dev.weir.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Starts the servers that are compared, each in a process of its own with a folder of its own.
///
/// @param launcher the command `weir`, as users start it
/// @param hivemq the folder of HiveMQ CE's jars
/// @param nodeRed the folder where Node-RED is installed by npm
/// @param work a folder for configurations and logs
record Peers(Path launcher, Path hivemq, Path nodeRed, Path work) {

    /// A Weir node with this configuration; `%d` in it stands for `ports` in turn, the first of
    /// which is waited for.
    Server weir(String yaml, Integer... ports) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(work, "weir");
        Path file = folder.resolve("bench.yaml");
        List<Object> values = new ArrayList<>(Arrays.asList(ports));
        values.add(freePort());
        String head = "node: bench\ndata: " + folder.resolve("data") + "\nmemory: 192MiB\n";
        Files.writeString(
                file, head + yaml.formatted(values.toArray()) + "api: { listen: \"127.0.0.1:" + freePort() + "\" }\n");
        List<String> command = List.of(launcher.toString(), "run", file.toString());
        return Server.start(command, ports[0], folder.resolve("log"));
    }

    Server mosquitto(int port) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(work, "mosquitto");
        Path config = folder.resolve("mosquitto.conf");
        Files.writeString(config, "listener " + port + " 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n");
        return Server.start(List.of("/usr/sbin/mosquitto", "-c", config.toString()), port, folder.resolve("log"));
    }

    Server mosquitto(int port, TlsFiles tls) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(work, "mosquitto-tls");
        Path config = folder.resolve("mosquitto.conf");
        Files.writeString(
                config,
                "user root\nlistener %d 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\ncertfile %s\nkeyfile %s\n"
                        .formatted(port, tls.certificate(), tls.key()));
        return Server.start(List.of("/usr/sbin/mosquitto", "-c", config.toString()), port, folder.resolve("log"));
    }

    Server hivemq(int port) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(work, "hivemq");
        return Server.start(
                List.of(
                        java(),
                        "-Xmx512m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        hivemq + "/*",
                        "dev.weir.bench.hivemq.HiveMqServer",
                        String.valueOf(port),
                        folder.toString()),
                port,
                folder.resolve("log"));
    }

    /// Node-RED with a flow that takes what is hot from a broker and publishes a command for it.
    ///
    /// @param broker the port of the broker beside it
    Server nodeRed(int port, int broker) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(work, "node-red");
        Files.writeString(folder.resolve("flows.json"), flows(broker));
        Files.writeString(
                folder.resolve("settings.js"),
                "module.exports = { uiHost: '127.0.0.1', flowFile: 'flows.json', disableEditor: true,"
                        + " logging: { console: { level: 'warn' } } };\n");
        return Server.start(
                List.of(
                        "node",
                        nodeRed.resolve("node_modules/node-red/red.js").toString(),
                        "--userDir",
                        folder.toString(),
                        "--port",
                        String.valueOf(port)),
                port,
                folder.resolve("log"));
    }

    private static String flows(int broker) {
        return """
                [
                 {"id":"tab","type":"tab","label":"bench"},
                 {"id":"broker","type":"mqtt-broker","name":"","broker":"127.0.0.1","port":"%d","clientid":"node-red",
                  "autoConnect":true,"usetls":false,"protocolVersion":"4","keepalive":"60","cleansession":true},
                 {"id":"in","type":"mqtt in","z":"tab","topic":"bench/+/+/climate","qos":"0","datatype":"json",
                  "broker":"broker","nl":false,"rap":true,"rh":0,"inputs":0,"wires":[["hot"]]},
                 {"id":"hot","type":"switch","z":"tab","property":"payload.temperature","propertyType":"msg",
                  "rules":[{"t":"gt","v":"30","vt":"num"}],"checkall":"true","repair":false,"outputs":1,
                  "wires":[["command"]]},
                 {"id":"command","type":"function","z":"tab","outputs":1,"wires":[["out"]],
                  "func":"return { topic: msg.topic.replace('/climate', '/fan/set'), payload: '{\\"on\\":true}' };"},
                 {"id":"out","type":"mqtt out","z":"tab","topic":"","qos":"0","retain":"false","broker":"broker",
                  "wires":[]}
                ]
                """.formatted(broker);
    }

    /// Californium's own server with a resource that answers at once.
    Server californium(int port) throws IOException, InterruptedException {
        Path lib = launcher.resolveSibling("cli").resolve("target/weir/lib");
        String own =
                Path.of(System.getProperty("java.class.path").split(":", 2)[0]).toString();
        return Server.startUdp(
                List.of(
                        java(),
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        own + ":" + lib + "/*",
                        "dev.weir.bench.CaliforniumServer",
                        String.valueOf(port)),
                port,
                Files.createTempDirectory(work, "californium").resolve("log"));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /// Gives a server that has just started a moment, so that its own start is not measured.
    static void settle() throws InterruptedException {
        Thread.sleep(Duration.ofMillis(500));
    }
}
