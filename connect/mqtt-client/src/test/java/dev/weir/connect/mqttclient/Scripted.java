package dev.weir.connect.mqttclient;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;

/// A broker that takes every connection, answers CONNECT with fixed bytes, and then only listens.
@NullUnmarked
final class Scripted implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger accepted = new AtomicInteger();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final CopyOnWriteArrayList<String> ends = new CopyOnWriteArrayList<>();

    Scripted(byte[] answer) throws IOException {
        Thread.ofVirtual().start(() -> accept(answer));
    }

    private void accept(byte[] answer) {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                accepted.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket, answer));
            }
        } catch (IOException closed) {
            ends.add(closed.toString());
        }
    }

    private void serve(Socket socket, byte[] answer) {
        try (socket) {
            byte[] heard = new byte[4096];
            if (socket.getInputStream().read(heard) > 0) {
                socket.getOutputStream().write(answer);
                while (socket.getInputStream().read(heard) >= 0) {
                    ends.add("heard");
                }
            }
        } catch (IOException over) {
            ends.add(over.toString());
        }
        sockets.remove(socket);
    }

    String url() {
        return "tcp://127.0.0.1:" + server.getLocalPort();
    }

    int accepted() {
        return accepted.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
