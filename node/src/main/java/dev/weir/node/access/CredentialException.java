package dev.weir.node.access;

/// Why a credential cannot be made or revoked; the message says what to do.
public final class CredentialException extends Exception {
    private static final long serialVersionUID = 1L;

    /// Whether it is in the way that the name is taken, or that there is no room.
    private final boolean conflict;

    CredentialException(boolean conflict, String message) {
        super(message);
        this.conflict = conflict;
    }

    /// Whether what is there already is in the way; otherwise the request itself is wrong.
    public boolean isConflict() {
        return conflict;
    }
}
