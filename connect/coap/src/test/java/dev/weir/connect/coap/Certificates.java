package dev.weir.connect.coap;

import dev.weir.testkit.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// Certificates for a test, made by OpenSSL: an authority, and who it vouches for.
final class Certificates {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final String authority;

    Certificates(Path folder, String authority) throws IOException, InterruptedException {
        this.folder = folder;
        this.authority = authority;
        openssl(
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "3650",
                "-subj",
                "/CN=" + authority,
                "-keyout",
                key(authority),
                "-out",
                certificate(authority));
    }

    String key(String name) {
        return folder.resolve(name + ".key").toString();
    }

    String certificate(String name) {
        return folder.resolve(name + ".pem").toString();
    }

    String authority() {
        return certificate(authority);
    }

    /// Makes a key and a certificate for a name.
    void vouchFor(String name) throws IOException, InterruptedException {
        String request = folder.resolve(name + ".csr").toString();
        openssl(
                "req",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-subj",
                "/CN=" + name,
                "-addext",
                "subjectAltName=IP:127.0.0.1",
                "-keyout",
                key(name),
                "-out",
                request);
        openssl(
                "x509",
                "-req",
                "-in",
                request,
                "-CA",
                authority(),
                "-CAkey",
                key(authority),
                "-CAcreateserial",
                "-days",
                "3650",
                "-copy_extensions",
                "copy",
                "-out",
                certificate(name));
    }

    private static void openssl(String... arguments) throws IOException, InterruptedException {
        Tool.Result result = Tool.require("openssl", "openssl").run(PATIENCE, arguments);
        if (result.exitCode() != 0) {
            throw new IOException(String.join(" ", arguments) + ": " + result.output());
        }
    }
}
