package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.node.ConnectorReference;
import dev.weir.node.ConnectorReference.Page;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ConnectorsCommandTest {
    private final Captured out = new Captured();
    private final Captured err = new Captured();

    private int connectors(String... arguments) {
        CommandLine line = Main.line(out.writer());
        line.setErr(err.writer());
        List<String> all = new ArrayList<>(List.of("connectors"));
        all.addAll(List.of(arguments));
        return line.execute(all.toArray(String[]::new));
    }

    @Test
    void connectors_listsEachPartOnALine() {
        assertThat(connectors()).isZero();
        assertThat(out.text()).containsPattern("(?m)^mqtt +source  \\S").containsPattern("(?m)^publish +action  \\S");
        assertThat(out.text().lines())
                .hasSize(ConnectorReference.pages().stream()
                        .mapToInt(page -> page.parts().size())
                        .sum());
    }

    @Test
    void connectors_name_describesItWithoutMarkdown() {
        assertThat(connectors("coap")).isZero();
        assertThat(out.text())
                .contains("sources:", "source coap", "Delivery: ", "What destroys that: ")
                .containsPattern("(?m)^  listen +127.0.0.1:5683$")
                .doesNotContain("|", "`");
        assertThat(out.text().lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void connectors_blockThatInheritsOptions_namesThemOnce() {
        assertThat(connectors("mqtt")).isZero();
        assertThat(out.text())
                .containsOnlyOnce("Connections of a listener at a time")
                .containsPattern("(?m)^  tls\\.\\* +-$")
                .containsPattern("(?m)^  websocket\\.\\* +-$")
                .contains("max-connections, max-connect-rate,", "for websocket alone;")
                .doesNotContain("tls.max-connections");
    }

    @Test
    void connectors_nameOfAnAction_describesItsConnector() {
        assertThat(connectors("publish")).isZero();
        assertThat(out.text()).contains("action publish", "source mqtt");
    }

    @Test
    void connectors_unknownName_saysWhichThereAre() {
        assertThat(connectors("zigbee")).isEqualTo(2);
        assertThat(err.text()).contains("there is no connector 'zigbee'", "coap", "mqtt", "webhook");
    }

    @Test
    void connectors_json_hasEveryOption() {
        assertThat(connectors("mqtt", "--json")).isZero();
        assertThat(out.text())
                .startsWith("[{\"name\":\"mqtt\"")
                .contains("{\"key\":\"listen\"", "\"default\":\"127.0.0.1:1883\"")
                .contains("{\"key\":\"tls.max-connections\"", "{\"key\":\"websocket.queue.overflow\"");
    }

    @Test
    void connectors_all_sayWhatTheyDeliver() {
        for (Page page : ConnectorReference.pages()) {
            assertThat(page.about()).as(page.name()).isNotBlank();
            assertThat(page.parts()).as(page.name()).isNotEmpty().allSatisfy(part -> {
                assertThat(part.about()).isNotBlank();
                assertThat(part.guarantee()).isNotBlank();
                assertThat(part.lost()).isNotBlank();
                assertThat(part.options())
                        .allSatisfy(
                                row -> assertThat(row.about()).as(row.path()).isNotBlank());
            });
        }
    }
}
