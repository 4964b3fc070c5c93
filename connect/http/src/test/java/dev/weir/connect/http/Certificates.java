package dev.weir.connect.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// An authority with a server's and a client's certificate, made by openssl in a folder.
record Certificates(Path folder) {
    static Certificates in(Path folder) throws Exception {
        Certificates made = new Certificates(folder);
        made.openssl("req -x509 -days 365 -subj /CN=authority -keyout ca.key -out ca.pem");
        made.issue("server", "localhost");
        made.issue("client", "pump-7");
        return made;
    }

    private void issue(String file, String name) throws Exception {
        Files.writeString(folder.resolve("ext"), "subjectAltName=DNS:" + name + ",IP:127.0.0.1\n");
        openssl("req -subj /CN=" + name + " -keyout " + file + ".key -out " + file + ".csr");
        Tool openssl = Tool.require("openssl", "openssl");
        Tool.Result signed = openssl.run(
                Duration.ofSeconds(30),
                "x509",
                "-req",
                "-days",
                "365",
                "-in",
                path(file + ".csr"),
                "-CA",
                path("ca.pem"),
                "-CAkey",
                path("ca.key"),
                "-CAcreateserial",
                "-extfile",
                path("ext"),
                "-out",
                path(file + ".pem"));
        assertThat(signed.exitCode()).as(signed.output()).isZero();
    }

    /// Makes a request, with a new key.
    private void openssl(String words) throws Exception {
        List<String> arguments = new ArrayList<>();
        Arrays.stream(words.split(" "))
                .forEach(word -> arguments.add(word.matches(".*[.](key|pem|csr)") ? path(word) : word));
        arguments.addAll(1, List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"));
        Tool openssl = Tool.require("openssl", "openssl");
        Tool.Result result = openssl.run(Duration.ofSeconds(30), arguments.toArray(String[]::new));
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
