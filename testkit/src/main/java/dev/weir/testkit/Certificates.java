package dev.weir.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// An authority and whom it vouches for, made by openssl in a folder. All of them are good from
/// 2020 to 2049: the clock of a test machine may step back.
///
/// For one thread at a time.
public final class Certificates {
    public static final List<String> EC = List.of("ec", "-pkeyopt", "ec_paramgen_curve:P-256");
    public static final List<String> RSA = List.of("rsa:2048");
    public static final List<String> ED25519 = List.of("ed25519");

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String[] LIFE = {"-startdate", "20200101000000Z", "-enddate", "20491231235959Z"};

    private final Path folder;
    private final String authority;

    /// Makes the authority; its certificate is `AUTHORITY.pem`, its key `AUTHORITY.key`.
    ///
    /// @param folder is made if it does not exist; nothing else is in it
    public Certificates(Path folder, String authority) throws IOException, InterruptedException {
        this.folder = Files.createDirectories(folder);
        this.authority = authority;
        Files.writeString(folder.resolve("openssl.cnf"), """
                [ca]
                default_ca = own
                [own]
                database = %1$s/index
                new_certs_dir = %1$s
                default_md = sha256
                unique_subject = no
                rand_serial = yes
                policy = names
                copy_extensions = copy
                [names]
                commonName = supplied
                """.formatted(folder));
        Files.createFile(folder.resolve("index"));
        request(authority, authority, "basicConstraints=critical,CA:TRUE", EC);
        sign(authority, "-selfsign");
    }

    /// The authority `ca`, which vouches for `server`, that is `localhost` and `127.0.0.1`, and for
    /// `client`, that is `pump-7`.
    public static Certificates in(Path folder) throws IOException, InterruptedException {
        Certificates made = new Certificates(folder, "ca");
        made.issue("server", "localhost", "DNS:localhost,IP:127.0.0.1");
        made.issue("client", "pump-7", "DNS:pump-7");
        return made;
    }

    /// Makes a key and a certificate, in place of those in the same files.
    ///
    /// @param file of both, without the ending
    /// @param name the common name
    /// @param alternatives as `subjectAltName` has them: `DNS:localhost,IP:127.0.0.1`
    public void issue(String file, String name, String alternatives) throws IOException, InterruptedException {
        issue(file, name, alternatives, EC);
    }

    /// The same with a key of another kind.
    ///
    /// @param key [#EC], [#RSA] or [#ED25519]
    public void issue(String file, String name, String alternatives, List<String> key)
            throws IOException, InterruptedException {
        request(file, name, "subjectAltName=" + alternatives, key);
        sign(file, "-cert", authority());
    }

    private void request(String file, String name, String extension, List<String> key)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("req", "-nodes", "-newkey"));
        arguments.addAll(key);
        arguments.addAll(List.of("-subj", "/CN=" + name, "-addext", extension));
        arguments.addAll(List.of("-keyout", key(file), "-out", path(file + ".csr")));
        openssl(arguments);
    }

    private void sign(String file, String... by) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("ca", "-batch", "-notext"));
        arguments.addAll(List.of("-config", path("openssl.cnf"), "-keyfile", key(authority)));
        arguments.addAll(List.of(by));
        arguments.addAll(List.of(LIFE));
        arguments.addAll(List.of("-in", path(file + ".csr"), "-out", certificate(file)));
        openssl(arguments);
    }

    private static void openssl(List<String> arguments) throws IOException, InterruptedException {
        Tool.Result result = Tool.require("openssl", "openssl").run(PATIENCE, arguments.toArray(String[]::new));
        if (result.exitCode() != 0) {
            throw new IOException("openssl " + String.join(" ", arguments) + ": " + result.output());
        }
    }

    /// The authority's certificate, a PEM file.
    public String authority() {
        return certificate(authority);
    }

    /// The certificate of that file, a PEM file.
    public String certificate(String file) {
        return path(file + ".pem");
    }

    /// The key of that file, a PEM file.
    public String key(String file) {
        return path(file + ".key");
    }

    private String path(String file) {
        return folder.resolve(file).toString();
    }

    /// The `tls:` block of a source that listens at a free port as `server`.
    ///
    /// @param more options, each after a comma
    public String block(String more) {
        return "{ listen: '127.0.0.1:0', certificate: '" + certificate("server") + "', key: '" + key("server") + "'"
                + more + " }";
    }
}
