package dev.weir.connect.coap;

import dev.weir.testkit.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Certificates for a test, made by OpenSSL: an authority, and who it vouches for.
final class Certificates {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// All of them are good from 2020 to 2049, whatever the machine's clock says.
    private static final String[] LIFE = {"-startdate", "20200101000000Z", "-enddate", "20491231235959Z"};

    static final List<String> EC = List.of("ec", "-pkeyopt", "ec_paramgen_curve:prime256v1");
    static final List<String> RSA = List.of("rsa:2048");

    private final Path folder;
    private final String authority;

    Certificates(Path folder, String authority) throws IOException, InterruptedException {
        this.folder = folder;
        this.authority = authority;
        Files.writeString(folder.resolve("ca.cnf"), """
                        [ca]
                        default_ca = own
                        [own]
                        database = %1$s/index.txt
                        new_certs_dir = %1$s
                        rand_serial = yes
                        unique_subject = no
                        default_md = sha256
                        policy = names
                        copy_extensions = copy
                        [names]
                        commonName = supplied
                        """.formatted(folder));
        Files.createFile(folder.resolve("index.txt"));
        request(authority, EC, "basicConstraints=critical,CA:TRUE");
        sign(authority, "-selfsign");
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

    /// Makes a key and a certificate for a name, which is `NAME.example` too.
    void vouchFor(String name) throws IOException, InterruptedException {
        vouchFor(name, EC);
    }

    /// The same with a key of another kind.
    void vouchFor(String name, List<String> key) throws IOException, InterruptedException {
        request(name, key, "subjectAltName=IP:127.0.0.1,DNS:" + name + ".example");
        sign(name, "-cert", authority());
    }

    private void request(String name, List<String> key, String extension) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("req", "-newkey"));
        arguments.addAll(key);
        arguments.addAll(List.of("-nodes", "-subj", "/CN=" + name, "-addext", extension, "-keyout", key(name)));
        arguments.addAll(List.of("-out", folder.resolve(name + ".csr").toString()));
        openssl(arguments.toArray(String[]::new));
    }

    private void sign(String name, String... by) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("ca", "-batch", "-notext"));
        arguments.addAll(List.of("-config", folder.resolve("ca.cnf").toString()));
        arguments.addAll(List.of("-keyfile", key(authority)));
        arguments.addAll(List.of(by));
        arguments.addAll(List.of(LIFE));
        arguments.addAll(List.of("-in", folder.resolve(name + ".csr").toString(), "-out", certificate(name)));
        openssl(arguments.toArray(String[]::new));
    }

    private static void openssl(String... arguments) throws IOException, InterruptedException {
        Tool.Result result = Tool.require("openssl", "openssl").run(PATIENCE, arguments);
        if (result.exitCode() != 0) {
            throw new IOException(String.join(" ", arguments) + ": " + result.output());
        }
    }
}
