package dev.weir.runtime.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.runtime.control.VirtualThreads;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a user sees who has forgotten the option of the JVM; runs in a JVM of its own without it.
final class ClosedDoorsTest {
    private static final String OPTION = "--add-opens java.base/java.lang=ALL-UNNAMED";

    @BeforeEach
    void doorsAreClosed() {
        assertThat(VirtualThreads.areOpen()).as("java.lang is open").isFalse();
    }

    @Test
    void bubble_withoutTheOption_saysWhichItIs() {
        assertThatThrownBy(() -> Bubble.run(() -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(OPTION)
                .hasMessageContaining("<argLine>");
    }

    @Test
    void interleavings_withoutTheOption_sayWhichItIs() {
        assertThatThrownBy(() -> Interleavings.of(1).explore(() -> {})).hasMessageContaining(OPTION);
    }

    @Test
    void leftThreads_withoutTheOption_sayWhichItIs() {
        assertThatThrownBy(LeftThreads::watch).hasMessageContaining(OPTION);
    }

    @Test
    void isInside_withoutTheOption_isFalse() {
        assertThat(Bubble.isInside()).isFalse();
    }
}
