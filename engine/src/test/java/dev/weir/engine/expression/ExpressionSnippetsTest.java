package dev.weir.engine.expression;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExpressionSnippetsTest {
    private final Fields reading =
            new Fields().declare("temperature", Scalar.DOUBLE, 31.0).dynamic("valve", "open");

    @Test
    void tooHot_ofHotReading_holds() {
        assertThat(ExpressionSnippets.tooHot(reading)).isTrue();
    }

    @Test
    void spread_ofScope_readsTheFieldInEachCall() {
        assertThat(ExpressionSnippets.spread(reading))
                .hasSize(2)
                .allSatisfy(argument -> assertThat(argument.real(reading)).isEqualTo(31.0));
    }
}
