package dev.weir.node.access;

import dev.weir.engine.Meters;
import dev.weir.engine.access.Access;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Who may come into a node, and do what. Thread-safe.
public final class NodeAccess {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final AccessConfig config;
    private final Credentials credentials;
    private final PasswordCheck passwords;
    private final Meters meters;

    private NodeAccess(AccessConfig config, Path data, Meters meters) {
        this.config = config;
        this.meters = meters;
        InstantSource clock = InstantSource.system();
        this.credentials = new Credentials(data, config.users().keySet(), clock);
        int half = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        this.passwords = new PasswordCheck(config.users(), half, PATIENCE, clock);
    }

    /// Reads the block `access:`. Nobody has a credential until [#load]. Blocks on the disk.
    ///
    /// @param data the node's data folder
    public static NodeAccess of(Section access, Path data, Meters meters, Problems problems) {
        return new NodeAccess(AccessConfig.of(access, problems), data, meters);
    }

    /// Reads the credentials that the node keeps.
    ///
    /// @throws IOException if they are damaged; the message says what to do
    public void load() throws IOException {
        credentials.load();
    }

    /// What the node keeps for single devices.
    public Credentials credentials() {
        return credentials;
    }

    /// The view that one source has.
    ///
    /// @param source its name, for counters
    /// @param anonymous the word that the source itself says (`loopback`, `never`, `everywhere`),
    ///     if it does
    public Access at(String source, Optional<String> anonymous) {
        return new SourceAccess(this, source, anonymous(anonymous), meters);
    }

    /// From where a source lets clients in without a name.
    ///
    /// @param word what the source itself says, if it does
    public Anonymous anonymous(Optional<String> word) {
        return word.map(Anonymous::of).orElse(config.anonymous());
    }

    /// Whether anybody has a name to come in with: a user, or a device with a credential.
    public boolean knowsAnybody() {
        return !config.users().isEmpty() || !credentials.all().isEmpty();
    }

    List<Rule> rules() {
        return config.rules();
    }

    PasswordCheck passwords() {
        return passwords;
    }
}
