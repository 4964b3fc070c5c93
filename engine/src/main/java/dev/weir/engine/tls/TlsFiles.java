package dev.weir.engine.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// The files that a block of TLS options names.
///
/// @param certificate our certificate and its chain, and `key` its private key: both or none
/// @param authorities whom to believe
/// @param systemAuthorities whether those of the JDK are believed where `authorities` is empty
record TlsFiles(
        Optional<PemFile> certificate,
        Optional<PemFile> key,
        Optional<PemFile> authorities,
        boolean systemAuthorities) {
    private static final int OWN_BYTES = 64 * 1024;
    /// The authorities of a whole system are 220 KB.
    private static final int AUTHORITIES_BYTES = 1024 * 1024;

    private static final Duration SOON = Duration.ofDays(30);

    static PemFile own(String option, String path) {
        return new PemFile(option, Path.of(path), OWN_BYTES);
    }

    static PemFile authorities(String option, String path) {
        return new PemFile(option, Path.of(path), AUTHORITIES_BYTES);
    }

    /// Changes whenever a file does: its time, size or place on the disk.
    String stamp() {
        StringBuilder stamp = new StringBuilder();
        Stream.of(certificate, key, authorities).flatMap(Optional::stream).forEach(file -> {
            try {
                BasicFileAttributes seen = Files.readAttributes(file.path(), BasicFileAttributes.class);
                stamp.append(seen.lastModifiedTime())
                        .append(' ')
                        .append(seen.size())
                        .append(' ')
                        .append(seen.fileKey());
            } catch (IOException e) {
                stamp.append("missing");
            }
            stamp.append('\n');
        });
        return stamp.toString();
    }

    /// Reads all of them. Blocks on the disk.
    Material load(InstantSource clock) throws TlsFileException {
        List<TlsFileException> doubts = new ArrayList<>();
        List<X509Certificate> chain =
                certificate.isPresent() ? certificate.get().certificates() : List.of();
        try {
            Optional<X509ExtendedKeyManager> keys = Optional.empty();
            if (certificate.isPresent() && key.isPresent()) {
                keys = Optional.of(keys(certificate.get(), key.get(), chain));
                validity(certificate.get(), chain, clock.instant()).ifPresent(doubts::add);
                permissions(key.get()).ifPresent(doubts::add);
            }
            return new Material(List.copyOf(chain), keys, trust(), List.copyOf(doubts));
        } catch (GeneralSecurityException e) {
            PemFile file = certificate.or(() -> authorities).orElseThrow();
            throw file.wrong("cannot be used (" + e.getMessage() + ")");
        }
    }

    private static X509ExtendedKeyManager keys(PemFile certificate, PemFile key, List<X509Certificate> chain)
            throws TlsFileException, GeneralSecurityException {
        PrivateKey own = PemKey.of(key);
        X509Certificate first = chain.getFirst();
        if (!PemKey.matches(own, first.getPublicKey())) {
            throw key.wrong("is not the key of the certificate in '" + certificate.path() + "', which is for "
                    + first.getSubjectX500Principal().getName() + "; the server's own certificate must come first in"
                    + " that file");
        }
        return Material.keys(own, chain);
    }

    private Optional<X509ExtendedTrustManager> trust() throws TlsFileException, GeneralSecurityException {
        if (authorities.isPresent()) {
            return Optional.of(Material.trust(authorities.get().certificates()));
        }
        return systemAuthorities ? Optional.of(Material.systemTrust()) : Optional.empty();
    }

    /// A warning and no error, even for one that has expired: a gateway whose clock is wrong after
    /// a power cut must come up.
    private static Optional<TlsFileException> validity(PemFile file, List<X509Certificate> chain, Instant now) {
        for (X509Certificate certificate : chain) {
            Instant from = certificate.getNotBefore().toInstant();
            Instant until = certificate.getNotAfter().toInstant();
            String which = "has a certificate for "
                    + certificate.getSubjectX500Principal().getName() + " that ";
            if (until.isBefore(now)) {
                return Optional.of(file.wrong(which + "has expired at " + until + ": clients will refuse it"));
            }
            if (from.isAfter(now)) {
                return Optional.of(file.wrong(which + "is valid only from " + from + "; is this node's clock right?"));
            }
            if (until.isBefore(now.plus(SOON))) {
                return Optional.of(file.wrong(which + "expires at " + until + ", in "
                        + Duration.between(now, until).toDays() + " days: renew it"));
            }
        }
        return Optional.empty();
    }

    private static Optional<TlsFileException> permissions(PemFile key) {
        PosixFileAttributeView view = Files.getFileAttributeView(key.path(), PosixFileAttributeView.class);
        try {
            if (view != null && view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_READ)) {
                return Optional.of(
                        key.wrong("can be read by every user of this machine: 'chmod 600 " + key.path() + "'"));
            }
        } catch (IOException e) {
            // It could be read a moment ago; who may read it too is then not known.
        }
        return Optional.empty();
    }
}
