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
/// sockets believe any certificate that an authority vouches for, whatever host it is for.
final class CheckedTls {
    private CheckedTls() {}

    static SSLContext context(ClientTls tls) {
        SSLContext given = tls.context();
        return new SSLContext(new Checked(tls), given.getProvider(), given.getProtocol()) {};
    }

    private static final class Checked extends SSLContextSpi {
        private final ClientTls tls;

        Checked(ClientTls tls) {
            this.tls = tls;
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
                throws KeyManagementException {
            throw new KeyManagementException("the context is ready");
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return new Sockets(tls);
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return tls.context().getServerSocketFactory();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return checked(tls.context().createSSLEngine());
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return checked(tls.context().createSSLEngine(host, port));
        }

        private SSLEngine checked(SSLEngine engine) {
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
        private final SSLSocketFactory given;

        Sockets(ClientTls tls) {
            this.tls = tls;
            this.given = tls.context().getSocketFactory();
        }

        private Socket checked(Socket socket) {
            ((SSLSocket) socket).setSSLParameters(tls.parameters());
            return socket;
        }

        @Override
        public Socket createSocket() throws IOException {
            return checked(given.createSocket());
        }

        @Override
        public Socket createSocket(Socket over, String host, int port, boolean autoClose) throws IOException {
            return checked(given.createSocket(over, host, port, autoClose));
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return checked(given.createSocket(host, port));
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
            return checked(given.createSocket(host, port, from, fromPort));
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return checked(given.createSocket(host, port));
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) throws IOException {
            return checked(given.createSocket(host, port, from, fromPort));
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
