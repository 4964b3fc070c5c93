package dev.weir.connect.nats;

import dev.weir.engine.tls.ClientTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/// A context whose sockets check the server's name. jnats takes nothing but a context, and its own
/// sockets believe any certificate that an authority vouches for, whatever host it is for; besides,
/// it looks the name up first and knows only the address then.
final class CheckedTls {
    private CheckedTls() {}

    static SSLContext context(ClientTls tls, String host) {
        SSLContext given = tls.context();
        return new SSLContext(new Checked(tls, host), given.getProvider(), given.getProtocol()) {};
    }

    private static final class Checked extends SSLContextSpi {
        private final ClientTls tls;
        private final String host;

        Checked(ClientTls tls, String host) {
            this.tls = tls;
            this.host = host;
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
                throws KeyManagementException {
            throw new KeyManagementException("the context is ready");
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return new Sockets(tls, host);
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return tls.context().getServerSocketFactory();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return engineCreateSSLEngine(host, -1);
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String address, int port) {
            SSLEngine engine = tls.context().createSSLEngine(host, port);
            engine.setSSLParameters(tls.parameters());
            return engine;
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return tls.context().getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return tls.context().getClientSessionContext();
        }
    }

    private static final class Sockets extends SSLSocketFactory {
        private final ClientTls tls;
        private final String host;
        private final SSLSocketFactory given;

        Sockets(ClientTls tls, String host) {
            this.tls = tls;
            this.host = host;
            this.given = tls.context().getSocketFactory();
        }

        private Socket checked(Socket socket) {
            ((SSLSocket) socket).setSSLParameters(tls.parameters());
            return socket;
        }

        @Override
        public Socket createSocket(Socket over, String address, int port, boolean autoClose) throws IOException {
            return checked(given.createSocket(over, host, port, autoClose));
        }

        @Override
        public Socket createSocket(String address, int port) {
            throw overOne();
        }

        @Override
        public Socket createSocket(String address, int port, InetAddress from, int fromPort) {
            throw overOne();
        }

        @Override
        public Socket createSocket(InetAddress address, int port) {
            throw overOne();
        }

        @Override
        public Socket createSocket(InetAddress address, int port, InetAddress from, int fromPort) {
            throw overOne();
        }

        private static UnsupportedOperationException overOne() {
            return new UnsupportedOperationException("TLS begins on a connection that there is");
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return given.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return given.getSupportedCipherSuites();
        }
    }
}
