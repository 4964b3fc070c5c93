package dev.weir.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.node.ConnectorReference;
import dev.weir.node.NodePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// What the code prints stands in docs/ as it is printed. With `-Dweir.refresh=true` the files are
/// written anew instead of compared.
final class GeneratedDocsTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final String BEGIN = "<!-- generated: reference -->\n";
    private static final String END = "<!-- end of generated -->\n";
    private static final String HOW =
            "the code prints something else now; refresh docs/ with: mvn -q -pl checks -am test"
                    + " -Dtest=GeneratedDocsTest -Dsurefire.failIfNoSpecifiedTests=false -Dweir.refresh=true";

    @Test
    void configurationReference_isWhatTheCodePrints() throws IOException {
        // One level down: the reference is a chapter of that document.
        generatedPartIs(DOCS.resolve("configuration.md"), NodePlan.reference().replace("\n## ", "\n### "));
    }

    @Test
    void connectorReference_isWhatTheCodePrints() throws IOException {
        generatedPartIs(DOCS.resolve("connectors.md"), ConnectorReference.markdown());
    }

    private static void generatedPartIs(Path file, String generated) throws IOException {
        String text = Files.readString(file);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        assertThat(begin).as("the marker %s in %s", BEGIN.strip(), file).isPositive();
        assertThat(end).as("the marker %s in %s", END.strip(), file).isGreaterThan(begin);
        String fresh =
                text.substring(0, begin + BEGIN.length()) + "\n" + generated.strip() + "\n\n" + text.substring(end);

        matchesOrIsWritten(file, fresh);
    }

    @Test
    void jsonSchema_isWhatTheCodePrints() throws IOException {
        matchesOrIsWritten(
                DOCS.resolve("weir.schema.json"), NodePlan.jsonSchema().strip() + "\n");
    }

    private static void matchesOrIsWritten(Path file, String fresh) throws IOException {
        if (Boolean.getBoolean("weir.refresh")) {
            Files.writeString(file, fresh);
        }
        assertThat(file).exists();
        assertThat(Files.readString(file)).as("%s: %s", file, HOW).isEqualTo(fresh);
    }
}
