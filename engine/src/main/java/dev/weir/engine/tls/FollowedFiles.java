package dev.weir.engine.tls;

import java.security.KeyManagementException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps what the files held when they were last good. Handshakes ask for it, and look at the files
/// while they do, every two seconds at most. One of them reads new files while the others go on
/// with the old ones; nobody waits, and nothing happens on a node that nobody connects to.
/// Thread-safe.
final class FollowedFiles {
    private static final Logger LOG = LoggerFactory.getLogger(FollowedFiles.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final TlsFiles files;
    private final InstantSource clock;
    private final AtomicBoolean looking = new AtomicBoolean();

    // Written by whoever has `looking`, read by all.
    private volatile Generations generations;
    private volatile Instant looked;
    private volatile String stamp;

    /// What new handshakes get, and what those get that began a moment ago: a handshake asks
    /// several times, and its answers must fit together.
    ///
    /// @param number counts the readings
    record Generations(long number, Material current, Material previous) {
        Material of(long wanted) {
            return wanted == number - 1 ? previous : current;
        }
    }

    private FollowedFiles(TlsFiles files, InstantSource clock, String stamp, Material first) {
        this.files = files;
        this.clock = clock;
        this.stamp = stamp;
        this.looked = clock.instant();
        this.generations = new Generations(0, first, first);
    }

    static FollowedFiles read(TlsFiles files, InstantSource clock) throws TlsFileException {
        // The stamp first: a change in between is then seen the next time.
        String stamp = files.stamp();
        return new FollowedFiles(files, clock, stamp, files.load(clock));
    }

    /// What is known, without a look at the files.
    Generations known() {
        return generations;
    }

    /// What the files hold now, or did two seconds ago.
    Generations fresh() {
        if (isTime() && looking.compareAndSet(false, true)) {
            try {
                if (isTime()) {
                    look();
                    looked = clock.instant();
                }
            } finally {
                looking.set(false);
            }
        }
        return generations;
    }

    private boolean isTime() {
        // A clock that was set back must not stop the looking.
        return Duration.between(looked, clock.instant()).abs().compareTo(PATIENCE) >= 0;
    }

    private void look() {
        String now = files.stamp();
        if (now.equals(stamp)) {
            return;
        }
        stamp = now;
        try {
            Material material = files.load(clock);
            Generations old = generations;
            generations = new Generations(old.number() + 1, material, old.current());
            LOG.atInfo()
                    .addKeyValue("subject", subject(material))
                    .addKeyValue("expires", expires(material))
                    .log("took up new TLS files");
            material.doubts().forEach(doubt -> LOG.warn("{}", doubt.getMessage()));
        } catch (TlsFileException e) {
            LOG.atError().addKeyValue("reason", e.getMessage()).log("new TLS files cannot be used, the old ones stay");
        }
    }

    private static String subject(Material material) {
        return material.chain().isEmpty()
                ? ""
                : material.chain().getFirst().getSubjectX500Principal().getName();
    }

    private static String expires(Material material) {
        return material.chain().isEmpty()
                ? ""
                : material.chain().getFirst().getNotAfter().toInstant().toString();
    }

    /// Seconds until our certificate, or one of its issuers in the file, expires; negative behind
    /// that.
    long secondsToExpiry() {
        return fresh().current().chain().stream()
                .mapToLong(certificate -> Duration.between(
                                clock.instant(), certificate.getNotAfter().toInstant())
                        .toSeconds())
                .min()
                .orElse(Long.MAX_VALUE);
    }

    SSLContext context(FollowingKeys keys, FollowingTrust trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, null);
            return context;
        } catch (NoSuchAlgorithmException | KeyManagementException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }
}
