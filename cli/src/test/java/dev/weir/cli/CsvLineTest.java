package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CsvLineTest {
    @Test
    void split_ofPlainCells_stripsThem() {
        assertThat(CsvLine.split("a, b ,c")).containsExactly("a", "b", "c");
    }

    @Test
    void split_ofEmptyCells_keepsThem() {
        assertThat(CsvLine.split(",x,")).containsExactly("", "x", "");
        assertThat(CsvLine.split("")).containsExactly("");
    }

    @Test
    void split_ofQuotedCells_keepsCommasAndQuotes() {
        assertThat(CsvLine.split("\"a,b\",\"say \"\"hi\"\"\",c")).containsExactly("a,b", "say \"hi\"", "c");
    }
}
