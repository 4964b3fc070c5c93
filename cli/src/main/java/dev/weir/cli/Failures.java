package dev.weir.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/// Says what went wrong in a line that a user can act on.
final class Failures {
    private Failures() {}

    static String explain(Throwable failure) {
        return switch (failure) {
            case NoSuchFileException e -> "no such file: " + e.getFile();
            case AccessDeniedException e -> "no permission for " + e.getFile();
            case ConnectException e -> "cannot connect: " + message(e);
            case CharacterCodingException _ -> "the text is not UTF-8";
            case IOException e -> message(e);
            case RuntimeException e when e.getCause() instanceof IOException cause -> explain(cause);
            default -> failure.getClass().getSimpleName() + ": " + message(failure);
        };
    }

    /// An address as a user writes it: `localhost:1883`, where Java says
    /// `localhost/127.0.0.1:1883`.
    static String name(InetSocketAddress address) {
        String host = address.getHostString();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    private static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
