package dev.weir.connect.mqtt;

import dev.weir.engine.tls.ServerTls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// TLS over an accepted TCP connection. The handshake is made by [#open], on the connection's own
/// thread, so that a client that dawdles over it holds up nobody.
final class TlsTransport implements Transport {
    private final Socket socket;
    private final ServerTls tls;

    /// Written once by the reader after the handshake.
    private volatile @Nullable SSLSocket secured;

    TlsTransport(Socket socket, ServerTls tls) {
        this.socket = socket;
        this.tls = tls;
    }

    @Override
    public void open() throws IOException {
        SSLSocket layered =
                (SSLSocket) tls.context().getSocketFactory().createSocket(socket, InputStream.nullInputStream(), true);
        layered.setUseClientMode(false);
        switch (tls.clients()) {
            case NONE -> layered.setWantClientAuth(false);
            case OPTIONAL -> layered.setWantClientAuth(true);
            case REQUIRED -> layered.setNeedClientAuth(true);
        }
        layered.startHandshake();
        secured = layered;
    }

    private SSLSocket secured() throws IOException {
        SSLSocket ready = secured;
        if (ready == null) {
            throw new SocketException("no TLS handshake yet");
        }
        return ready;
    }

    @Override
    public InputStream input() throws IOException {
        return secured().getInputStream();
    }

    @Override
    public OutputStream output() throws IOException {
        return secured().getOutputStream();
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
    public Optional<X509Certificate> certificate() {
        SSLSocket ready = secured;
        return ready == null ? Optional.empty() : ServerTls.clientCertificate(ready.getSession());
    }

    @Override
    public void finishOutput() throws IOException {
        SSLSocket ready = secured;
        if (ready != null) {
            ready.shutdownOutput();
        }
    }

    @Override
    public void limitReads(Duration timeout) throws IOException {
        socket.setSoTimeout((int) timeout.toMillis());
    }

    /// Closes the TCP connection under the TLS one: closing the latter would wait for whoever
    /// reads or writes it.
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException gone) {
            // Closing is all that could be done, and the socket is closed either way.
        }
    }
}
