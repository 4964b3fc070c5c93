package dev.weir.connect.mqtt;

import dev.weir.engine.Upgrades;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A mount whose streams are those of a plain socket: what a WebSocket gives a source, without the
/// frames.
final class FakeUpgrades implements Upgrades {
    final ServerSocket port = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    final Set<Thread> serving = ConcurrentHashMap.newKeySet();
    String path = "";

    @org.jspecify.annotations.Nullable
    WebSocketTerms terms;

    FakeUpgrades() throws IOException {}

    InetSocketAddress address() {
        return (InetSocketAddress) port.getLocalSocketAddress();
    }

    @Override
    public Mount mount(String at, WebSocketTerms wanted, Service service) {
        path = at;
        terms = wanted;
        Thread.ofVirtual().name("fake-http").start(() -> accept(service));
        return this::close;
    }

    private void accept(Service service) {
        while (!port.isClosed()) {
            try {
                Socket socket = port.accept();
                serving.add(Thread.ofVirtual().name("fake-websocket").start(() -> serve(service, socket)));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Service service, Socket socket) {
        try (socket) {
            service.serve(new Streams(socket));
        } catch (InterruptedException | IOException ended) {
            // The mount is closed.
        } finally {
            serving.remove(Thread.currentThread());
        }
    }

    private void close() {
        try {
            port.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Streams(Socket socket) implements Duplex {
        @Override
        public InputStream input() {
            return unchecked(socket::getInputStream);
        }

        @Override
        public OutputStream output() {
            return unchecked(socket::getOutputStream);
        }

        private interface Stream<T> {
            T open() throws IOException;
        }

        private static <T> T unchecked(Stream<T> stream) {
            try {
                return stream.open();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public InetAddress peer() {
            return socket.getInetAddress();
        }

        @Override
        public String peerText() {
            return socket.getRemoteSocketAddress().toString();
        }

        @Override
        public void limitReads(Duration timeout) {
            try {
                socket.setSoTimeout((int) timeout.toMillis());
            } catch (SocketException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void finishOutput() throws IOException {
            socket.shutdownOutput();
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
