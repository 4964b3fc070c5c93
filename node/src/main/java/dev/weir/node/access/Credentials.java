package dev.weir.node.access;

import dev.weir.node.access.Credential.Made;
import dev.weir.node.access.Credential.Use;
import dev.weir.node.access.CredentialsFile.Content;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// The credentials of single devices, and the names that are revoked. Who asks reads a map that
/// does not change; who changes something makes a new one, first on the disk. Thread-safe.
public final class Credentials {
    /// How many credentials there may be, and how many revoked names.
    public static final int LIMIT = 100_000;

    private static final int NAME_LENGTH = 256;

    private final CredentialsFile file;
    private final InstantSource clock;
    private final Set<String> users;

    /// Held while a change is written: the only thing it keeps waiting is another change.
    private final ReentrantLock changing = new ReentrantLock();

    private volatile Content content = Content.EMPTY;

    /// @param folder the node's data folder
    /// @param users the names that users of the config have
    public Credentials(Path folder, Set<String> users, InstantSource clock) {
        this.file = new CredentialsFile(folder);
        this.users = Set.copyOf(users);
        this.clock = clock;
    }

    /// Reads the file, if there is one. Until then nobody has a credential.
    ///
    /// @throws IOException if it is damaged; the message says what to do
    public void load() throws IOException {
        changing.lock();
        try {
            content = file.read();
        } finally {
            changing.unlock();
        }
    }

    /// All credentials, without their secrets as far as people are concerned.
    public List<Credential> all() {
        return List.copyOf(content.byName().values());
    }

    /// The names that no certificate may have any more, and since when.
    public Map<String, Instant> revoked() {
        return content.revoked();
    }

    Optional<Credential> find(String name) {
        return Optional.ofNullable(content.byName().get(name));
    }

    /// Whether a credential is the one that its name has now.
    boolean isCurrent(Credential credential) {
        return credential.equals(content.byName().get(credential.name()));
    }

    boolean isRevoked(String name) {
        return content.revoked().containsKey(name);
    }

    /// Makes a credential; returns when it is on the disk. The secret is in the answer and nowhere
    /// else (but for the key of a [Use#PSK]).
    ///
    /// @throws CredentialException if the name is taken, or is none
    public Made create(String name, Use use, String note) throws CredentialException, IOException {
        String wrong = Credential.whyNot(name);
        if (!wrong.isEmpty()) {
            throw new CredentialException(false, wrong);
        }
        if (note.length() > Credential.NOTE_LENGTH || note.chars().anyMatch(Character::isISOControl)) {
            throw new CredentialException(
                    false, "a note must be a line of at most " + Credential.NOTE_LENGTH + " characters");
        }
        if (users.contains(name)) {
            throw new CredentialException(true, "'" + name + "' is a user of the config: choose another name");
        }
        changing.lock();
        try {
            Content old = content;
            if (old.byName().containsKey(name)) {
                throw new CredentialException(
                        true, "'" + name + "' has a credential already: revoke it first to replace it");
            }
            if (old.byName().size() >= LIMIT) {
                throw new CredentialException(
                        true, "there are " + LIMIT + " credentials already, which is as many as there may be");
            }
            Made made = Credential.make(name, use, note, clock.instant().truncatedTo(ChronoUnit.MILLIS));
            Map<String, Credential> byName = new LinkedHashMap<>(old.byName());
            byName.put(name, made.credential());
            replace(new Content(byName, old.revoked()));
            return made;
        } finally {
            changing.unlock();
        }
    }

    /// Takes a credential away; who uses it is put out. A name that has none is from now on
    /// refused to certificates. Returns when it is on the disk.
    ///
    /// @return whether there was a credential
    public boolean revoke(String name) throws CredentialException, IOException {
        if (name.isBlank() || name.length() > NAME_LENGTH || name.chars().anyMatch(Character::isISOControl)) {
            throw new CredentialException(false, "a name must be a line of 1 to " + NAME_LENGTH + " characters");
        }
        if (users.contains(name)) {
            throw new CredentialException(true, "'" + name + "' is a user of the config: remove it there and restart");
        }
        changing.lock();
        try {
            Content old = content;
            if (old.byName().containsKey(name)) {
                Map<String, Credential> byName = new LinkedHashMap<>(old.byName());
                byName.remove(name);
                replace(new Content(byName, old.revoked()));
                return true;
            }
            if (old.revoked().size() >= LIMIT) {
                throw new CredentialException(
                        true, "there are " + LIMIT + " revoked names already: renew the authority of the clients");
            }
            Map<String, Instant> revoked = new LinkedHashMap<>(old.revoked());
            revoked.putIfAbsent(name, clock.instant().truncatedTo(ChronoUnit.MILLIS));
            replace(new Content(old.byName(), revoked));
            return false;
        } finally {
            changing.unlock();
        }
    }

    private void replace(Content fresh) throws IOException {
        file.write(fresh);
        content = fresh;
    }
}
