package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// An authority with a server's and a client's certificate, made by openssl in a folder. They have
/// been valid for years: the clock of a test machine may step back.
record Certificates(Path folder) {
    static Certificates in(Path folder) throws Exception {
        Certificates made = new Certificates(folder);
        Files.writeString(folder.resolve("authority"), """
                [ca]
                default_ca = authority
                [authority]
                database = %1$s/index
                new_certs_dir = %1$s
                default_md = sha256
                default_startdate = 20200101000000Z
                default_enddate = 20991231235959Z
                unique_subject = no
                rand_serial = yes
                policy = policy
                [policy]
                commonName = supplied
                """.formatted(folder));
        Files.createFile(folder.resolve("index"));
        made.request("ca", "authority");
        made.sign("ca", "basicConstraints=critical,CA:TRUE", "-selfsign");
        made.issue("server", "localhost");
        made.issue("client", "pump-7");
        return made;
    }

    /// A new certificate with a new key, in place of those of that name.
    void issue(String file, String name) throws Exception {
        request(file, name);
        sign(file, "subjectAltName=DNS:" + name + ",IP:127.0.0.1", "-cert", path("ca.pem"));
    }

    private void request(String file, String name) throws Exception {
        openssl(
                List.of("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
                "-subj",
                "/CN=" + name,
                "-keyout",
                path(file + ".key"),
                "-out",
                path(file + ".csr"));
    }

    private void sign(String file, String extensions, String... more) throws Exception {
        Files.writeString(folder.resolve("extensions"), extensions + "\n");
        List<String> arguments = new ArrayList<>(List.of("ca", "-batch", "-notext"));
        arguments.addAll(List.of("-config", path("authority"), "-keyfile", path("ca.key")));
        arguments.addAll(List.of("-extfile", path("extensions"), "-in", path(file + ".csr")));
        arguments.addAll(Arrays.asList(more));
        openssl(arguments, "-out", path(file + ".pem"));
    }

    private static void openssl(List<String> words, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(words);
        arguments.addAll(Arrays.asList(more));
        Tool openssl = Tool.require("openssl", "openssl");
        Tool.Result result = openssl.run(Duration.ofSeconds(60), arguments.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    String path(String file) {
        return folder.resolve(file).toString();
    }

    /// The `tls:` block with them.
    String block(String more) {
        return "{ listen: '127.0.0.1:0', certificate: '" + path("server.pem") + "', key: '" + path("server.key") + "'"
                + more + " }";
    }
}
