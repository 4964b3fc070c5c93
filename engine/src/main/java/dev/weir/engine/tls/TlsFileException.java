package dev.weir.engine.tls;

/// A certificate or key file that cannot be used; the message says which, why and what to do.
final class TlsFileException extends Exception {
    private static final long serialVersionUID = 1L;

    /// The option that names the file.
    final String option;

    TlsFileException(String option, String message) {
        super(message);
        this.option = option;
    }
}
