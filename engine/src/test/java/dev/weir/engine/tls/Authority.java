package dev.weir.engine.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A certificate authority of the test's own, made by openssl in a folder.
final class Authority {
    private final Path folder;
    private final String name;

    /// A certificate and its key.
    record Pair(Path certificate, Path key) {}

    Authority(Path folder, String name) throws IOException, InterruptedException {
        this.folder = folder;
        this.name = name;
        openssl(
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "3650",
                "-subj",
                "/CN=" + name,
                "-keyout",
                name + ".key",
                "-out",
                name + ".pem");
    }

    Path certificate() {
        return folder.resolve(name + ".pem");
    }

    /// Issues a certificate.
    ///
    /// @param key what `openssl genpkey` calls the algorithm, with its options
    Pair issue(String subject, String alternative, int days, String... key) throws IOException, InterruptedException {
        String file = subject.replaceAll("[^A-Za-z0-9-]", "_") + "-" + System.identityHashCode(key);
        List<String> generate = new ArrayList<>(List.of("genpkey", "-out", file + ".key"));
        generate.add("-algorithm");
        generate.addAll(List.of(key));
        openssl(generate.toArray(String[]::new));
        openssl("req", "-new", "-key", file + ".key", "-subj", "/CN=" + subject, "-out", file + ".csr");
        Path extensions = folder.resolve(file + ".ext");
        Files.writeString(extensions, "subjectAltName=" + alternative + "\n");
        openssl(
                "x509",
                "-req",
                "-in",
                file + ".csr",
                "-CA",
                name + ".pem",
                "-CAkey",
                name + ".key",
                "-CAcreateserial",
                "-days",
                String.valueOf(days),
                "-extfile",
                extensions.getFileName().toString(),
                "-out",
                file + ".pem");
        return new Pair(folder.resolve(file + ".pem"), folder.resolve(file + ".key"));
    }

    Pair server(String... key) throws IOException, InterruptedException {
        return issue("localhost", "DNS:localhost,IP:127.0.0.1", 365, key);
    }

    void openssl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("openssl.log");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + Files.readString(output));
        }
    }
}
