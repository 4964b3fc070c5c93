package dev.weir.runtime.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The code in docs/patterns.md is the code of [PatternExamplesTest], which runs it.
final class PatternDocsTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "patterns.md");
    private static final Path EXAMPLES = Path.of("src/test/java/dev/weir/runtime/pattern/PatternExamplesTest.java");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\n(.*?)^```$");
    private static final Pattern REGION = Pattern.compile("(?ms)^ *// @start region=\"[a-z-]+\"\n(.*?)^ *// @end$");

    private static List<String> codeIn(Path file, Pattern pattern) throws IOException {
        var code = new ArrayList<String>();
        var found = pattern.matcher(Files.readString(file));
        while (found.find()) {
            // an empty last line would count as one without indentation
            code.add(found.group(1).stripTrailing().stripIndent());
        }
        return code;
    }

    @Test
    void document_showsEveryExampleAsItIsRun() throws IOException {
        var shown = codeIn(DOCUMENT, BLOCK);
        assertThat(shown).hasSizeGreaterThanOrEqualTo(9);
        assertThat(shown).containsExactlyInAnyOrderElementsOf(codeIn(EXAMPLES, REGION));
    }
}
