package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FailuresTest {
    @Test
    void explain_ofKnownFailures_isWhatAUserCanActOn() {
        assertThat(Failures.explain(new NoSuchFileException("a.csv"))).isEqualTo("no such file: a.csv");
        assertThat(Failures.explain(new AccessDeniedException("a.csv"))).isEqualTo("no permission for a.csv");
        assertThat(Failures.explain(new ConnectException("refused"))).isEqualTo("cannot connect: refused");
        assertThat(Failures.explain(new MalformedInputException(1))).isEqualTo("the text is not UTF-8");
        assertThat(Failures.explain(new IOException("full"))).isEqualTo("full");
        assertThat(Failures.explain(new UncheckedIOException(new IOException("gone"))))
                .isEqualTo("gone");
    }

    @Test
    void explain_ofUnexpectedFailure_hasItsName() {
        assertThat(Failures.explain(new IllegalStateException("odd"))).isEqualTo("IllegalStateException: odd");
        assertThat(Failures.explain(new IOException())).isEqualTo("IOException");
    }

    @Test
    void name_ofAddress_isAsAUserWritesIt() {
        assertThat(Failures.name(InetSocketAddress.createUnresolved("localhost", 1883)))
                .isEqualTo("localhost:1883");
        assertThat(Failures.name(InetSocketAddress.createUnresolved("::1", 5683)))
                .isEqualTo("[::1]:5683");
    }
}
