package dev.weir.cli;

import dev.weir.node.NodeConfig;
import dev.weir.node.access.Credential;
import dev.weir.node.access.Credential.Use;
import dev.weir.node.access.CredentialException;
import dev.weir.node.access.Credentials;
import dev.weir.node.store.DataFolder;
import dev.weir.node.store.StoreException;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// Where credentials are changed: in the node's file while it does not run, through its API while
/// it does.
sealed interface CredentialDesk extends AutoCloseable permits CredentialDesk.OfFile, RemoteCredentials {
    /// A credential as people see it.
    record Shown(String name, String kind, Instant created, String note) {}

    /// All there are.
    ///
    /// @param revoked names that no certificate may have any more, and since when
    record Listing(List<Shown> credentials, Map<String, Instant> revoked) {}

    Listing list() throws IOException, InterruptedException;

    /// @return the secret
    String create(String name, Use use, String note) throws IOException, InterruptedException;

    /// @return whether there was a credential of that name
    boolean revoke(String name) throws IOException, InterruptedException;

    @Override
    void close();

    /// Finds out whether the node runs.
    static CredentialDesk of(NodeConfig config) throws IOException {
        try {
            DataFolder folder = DataFolder.open(config.data());
            try {
                Credentials credentials = new Credentials(
                        config.data(),
                        config.root().group("access").groups("users").keySet(),
                        InstantSource.system());
                credentials.load();
                return new OfFile(folder, credentials);
            } catch (IOException e) {
                folder.close();
                throw e;
            }
        } catch (StoreException e) {
            if (e.reason() != StoreException.Reason.LOCKED) {
                throw e;
            }
            return RemoteCredentials.of(config);
        }
    }

    /// In the file, whose folder is held meanwhile.
    record OfFile(DataFolder folder, Credentials credentials) implements CredentialDesk {
        @Override
        public Listing list() {
            return new Listing(credentials.all().stream().map(OfFile::shown).toList(), credentials.revoked());
        }

        private static Shown shown(Credential credential) {
            return new Shown(credential.name(), credential.use().word(), credential.created(), credential.note());
        }

        @Override
        public String create(String name, Use use, String note) throws IOException {
            try {
                return credentials.create(name, use, note).secret();
            } catch (CredentialException e) {
                throw new IOException(e.getMessage(), e);
            }
        }

        @Override
        public boolean revoke(String name) throws IOException {
            try {
                return credentials.revoke(name);
            } catch (CredentialException e) {
                throw new IOException(e.getMessage(), e);
            }
        }

        @Override
        public void close() {
            folder.close();
        }
    }
}
