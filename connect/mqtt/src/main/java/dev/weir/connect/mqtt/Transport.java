package dev.weir.connect.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;

/// Two streams of bytes to a client: a TCP socket, later TLS or a WebSocket.
interface Transport {
    InputStream input();

    OutputStream output();

    /// The peer's address, for logs.
    String peer();

    /// Says to the peer that nothing more comes.
    void finishOutput() throws IOException;

    /// Limits how long a read blocks from now on.
    void limitReads(Duration timeout) throws IOException;

    /// Ends it; blocked reads and writes fail. Any thread; never throws.
    void close();

    /// A TCP connection.
    ///
    /// @param socket the connected socket
    /// @param input its input
    /// @param output its output, unbuffered
    record Tcp(Socket socket, InputStream input, OutputStream output) implements Transport {
        static Tcp of(Socket socket) throws IOException {
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            return new Tcp(socket, socket.getInputStream(), socket.getOutputStream());
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
