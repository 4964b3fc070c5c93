package dev.weir.connect.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;

/// Two streams of bytes to a client: TCP, TLS over it, or a WebSocket.
interface Transport {
    /// Makes it ready; TLS shakes hands here. Blocks on the client; called once, by the reader,
    /// before any byte is read or written.
    default void open() throws IOException {}

    InputStream input() throws IOException;

    OutputStream output() throws IOException;

    /// Where the client is.
    InetAddress address();

    /// The client's address and port, for logs.
    String peer();

    /// The client's certificate that TLS has verified, if it gave one.
    default Optional<X509Certificate> certificate() {
        return Optional.empty();
    }

    /// Says to the peer that nothing more comes.
    void finishOutput() throws IOException;

    /// Limits how long a read blocks from now on.
    void limitReads(Duration timeout) throws IOException;

    /// Ends it; blocked reads and writes fail. Any thread; never throws.
    void close();

    /// A TCP connection.
    ///
    /// @param socket the connected socket
    record Tcp(Socket socket) implements Transport {
        @Override
        public InputStream input() throws IOException {
            return socket.getInputStream();
        }

        @Override
        public OutputStream output() throws IOException {
            return socket.getOutputStream();
        }

        @Override
        public InetAddress address() {
            return socket.getInetAddress();
        }

        @Override
        public String peer() {
            return String.valueOf(socket.getRemoteSocketAddress());
        }

        @Override
        public void finishOutput() throws IOException {
            socket.shutdownOutput();
        }

        @Override
        public void limitReads(Duration timeout) throws IOException {
            socket.setSoTimeout((int) timeout.toMillis());
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException gone) {
                // Closing is all that could be done, and the socket is closed either way.
            }
        }
    }
}
