package dev.weir.engine.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/// A PEM file as the config names it: blocks of Base64 between `BEGIN` and `END` lines. What stands
/// between the blocks is for people and is skipped.
///
/// @param option the option that names it, for messages
/// @param path where it is
/// @param limit how large it may be, in bytes
record PemFile(String option, Path path, int limit) {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    /// What stands between two lines of dashes.
    ///
    /// @param label `CERTIFICATE`, `PRIVATE KEY`, …
    /// @param der the decoded bytes
    @SuppressWarnings("ArrayRecordComponent")
    record Block(String label, byte[] der) {}

    /// The certificates in the order of the file, at least one.
    List<X509Certificate> certificates() throws TlsFileException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks()) {
            switch (block.label()) {
                case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE" -> certificates.add(certificate(block));
                default -> {
                    // Files with certificate and key in one are common.
                }
            }
        }
        if (certificates.isEmpty()) {
            throw wrong("has no certificate in it: expected a line '-----BEGIN CERTIFICATE-----'");
        }
        return certificates;
    }

    private X509Certificate certificate(Block block) throws TlsFileException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(block.der()));
        } catch (CertificateException e) {
            throw wrong("has a certificate that cannot be read (" + e.getMessage() + ")");
        }
    }

    /// All blocks, in the order of the file.
    List<Block> blocks() throws TlsFileException {
        List<Block> blocks = new ArrayList<>();
        String label = "";
        StringBuilder body = new StringBuilder();
        for (String line : text().lines().map(String::strip).toList()) {
            if (line.startsWith(BEGIN) && line.endsWith(DASHES)) {
                label = line.substring(BEGIN.length(), line.length() - DASHES.length());
                body.setLength(0);
            } else if (!label.isEmpty() && line.startsWith(END)) {
                blocks.add(new Block(label, decode(label, body)));
                label = "";
            } else if (!label.isEmpty() && line.indexOf(':') < 0) {
                body.append(line);
            } else if (line.startsWith("Proc-Type:") && line.contains("ENCRYPTED")) {
                label = "ENCRYPTED " + label;
            }
        }
        if (!label.isEmpty()) {
            throw wrong("ends in the middle: '-----END " + label + "-----' is missing");
        }
        return blocks;
    }

    private byte[] decode(String label, StringBuilder body) throws TlsFileException {
        if (label.startsWith("ENCRYPTED ")) {
            return new byte[0];
        }
        try {
            return Base64.getMimeDecoder().decode(body.toString());
        } catch (IllegalArgumentException e) {
            throw wrong("is damaged: what stands behind '-----BEGIN " + label + "-----' is no Base64");
        }
    }

    private String text() throws TlsFileException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw wrong("is larger than " + limit / 1024 + " KiB; is it the right file?");
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw wrong("does not exist");
        } catch (AccessDeniedException e) {
            throw wrong("cannot be read by this user; give the user that runs Weir the right to");
        } catch (IOException e) {
            throw wrong("cannot be read (" + Objects.requireNonNullElse(e.getMessage(), e.toString()) + ")");
        }
    }

    TlsFileException wrong(String what) {
        return new TlsFileException(option, option + ": '" + path + "' " + what);
    }
}
