package dev.weir.cli;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/// The config of a node with a user, a device's door and an API, on ports that were free.
final class NodeFile {
    private NodeFile() {}

    static Path write(Path folder) throws IOException {
        try (ServerSocket mqtt = new ServerSocket(0);
                ServerSocket http = new ServerSocket(0)) {
            return Files.writeString(folder.resolve("node.yaml"), """
                    node: it
                    data: %s
                    sources:
                      devices: { mqtt: { listen: "127.0.0.1:%d" } }
                    pipelines:
                      climate: { from: [devices], topic: "t/{device}", to: [store] }
                    access:
                      users:
                        ann: { password: "$2b$10$abcdefghijklmnopqrstuuZ0xPSNnZo8ozWGKOWfV4GCtQ6T8.zWi" }
                    api: { listen: "127.0.0.1:%d" }
                    """.formatted(
                            folder.resolve("data"), mqtt.getLocalPort(), http.getLocalPort()));
        }
    }
}
