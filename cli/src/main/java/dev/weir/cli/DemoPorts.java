package dev.weir.cli;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;

/// The ports of the demo on loopback: the usual ones where they are free.
record DemoPorts(int mqtt, int coap, int http) {
    /// Looks for free ports. Somebody else may take one before the node does; it then says so.
    static DemoPorts choose() throws IOException {
        return new DemoPorts(tcp(1883), udp(5683), tcp(8080));
    }

    private static int tcp(int preferred) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(loopback(preferred));
            return preferred;
        } catch (IOException e) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(loopback(0));
                return socket.getLocalPort();
            }
        }
    }

    private static int udp(int preferred) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(loopback(preferred))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            try (DatagramSocket socket = new DatagramSocket(loopback(0))) {
                return socket.getLocalPort();
            }
        }
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /// Sets the variables that the example's config reads.
    void into(Map<String, String> environment) {
        environment.put("WEIR_MQTT_PORT", String.valueOf(mqtt));
        environment.put("WEIR_COAP_PORT", String.valueOf(coap));
        environment.put("WEIR_HTTP_PORT", String.valueOf(http));
    }
}
