package dev.weir.engine.tls;

import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;

/// Reads files for the first time, while the config is checked.
final class TlsOptions {
    private TlsOptions() {}

    static Optional<FollowedFiles> read(TlsFiles files, Section options, Problems problems, InstantSource clock) {
        try {
            FollowedFiles read = FollowedFiles.read(files, clock);
            read.known()
                    .current()
                    .doubts()
                    .forEach(doubt -> problems.warning(options.at(doubt.option), message(doubt)));
            return Optional.of(read);
        } catch (TlsFileException e) {
            problems.error(options.at(e.option), message(e));
            return Optional.empty();
        }
    }

    private static String message(TlsFileException e) {
        return Objects.requireNonNull(e.getMessage());
    }
}
